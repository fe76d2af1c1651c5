using Backprop;
using Runtime.Tests.Differential;
using Runtime.Tests.Networks;

namespace Runtime.Tests.Misuse;

/// <summary>
/// Scratch is not cleared, and vectors hold lanes that no unit and no sample has. What they are computed from never is what the stack held
/// before: subnormal numbers there made a step of 20-1-20 take 35 times as long on a processor that handles them in microcode.
/// </summary>
[Collection(nameof(MisusedNetworks))]
public class SoiledStackTests
{
    private static readonly int[] s_samples = [1, 2, 3, 5, 15, 16, 17, 33, 64];

    [SubnormalTheory, MemberData(nameof(MisusedNetworks.Indices), MemberType = typeof(MisusedNetworks))]
    public void Nothing_is_computed_from_what_the_stack_held(int index)
    {
        GeneratedNetwork network = MisusedNetworks.Compiled.Create(index, seed: 2);
        var momentum = new Sgd { LearningRate = 0.01f, Momentum = 0.9f };
        foreach (int samples in s_samples)
        {
            var data = new Buffers(network, samples);
            (string Member, Action Call)[] members =
            [
                (nameof(network.Forward), () => network.Forward(data.Inputs, data.Outputs)),
                (nameof(network.ComputeLoss), () => network.ComputeLoss(data.Inputs, data.Targets)),
                (nameof(network.Backward), () => network.Backward(data.Inputs, data.Targets, data.Gradient)),
                ("Backward with ∂C/∂x", () => network.Backward(data.Inputs, data.Targets, data.Gradient, data.InputGradient)),
                (nameof(network.TrainStep), () => network.TrainStep(data.Inputs, data.Targets, 0.01f)),
                ("TrainStep with an optimizer", () => network.TrainStep(data.Inputs, data.Targets, ref momentum)),
            ];
            foreach (int lanes in CompiledNetworks.Widths)
            {
                MisusedNetworks.Compiled.Force(lanes);
                foreach ((string member, Action call) in members)
                {
                    call(); // What the JIT computes while it compiles does not count.
                    bool found = SubnormalOperands.In(() =>
                    {
                        SoiledStack.With(SoiledStack.Subnormal);
                        call();
                    });
                    Assert.False(found, $"{member} of {samples} samples, {lanes} lanes, computes from what the stack held");
                }
            }
        }
    }

    [SubnormalFact]
    public void A_subnormal_operand_is_seen()
    {
        float[] numbers = [float.Epsilon, 0.5f];
        Assert.True(SubnormalOperands.In(() => numbers[1] = numbers[0] * numbers[1]));
        Assert.False(SubnormalOperands.In(() => numbers[1] = numbers[1] * numbers[1]));
    }
}
