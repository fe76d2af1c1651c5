using Backprop;
using Runtime.Tests.Activations;

namespace Runtime.Tests.Oracles.Onnx;

/// <summary>
/// The vectors of ONNX's training operators. They begin with state, which an optimizer gets by a step of learning rate 0.
/// </summary>
public class OnnxOptimizersTests
{
    /// <summary>The tests that are no network.</summary>
    internal static readonly string[] Names =
        ["node/test_adagrad", "node/test_adagrad_multiple", "node/test_momentum", "node/test_momentum_multiple", "node/test_nesterov_momentum"];

    public static TheoryData<string> Tests => [.. Names];

    [Theory, MemberData(nameof(Tests))]
    public void Steps_are_those_of_the_vectors(string name)
    {
        OnnxCase test = OnnxCase.Read(name);
        OnnxNode node = test.Model.Nodes.Single();
        float[][] inputs = [.. node.Inputs.Skip(2).Select(input => test.Inputs[input].Floats)];
        float rate = test.Inputs[node.Inputs[0]].Floats[0], decay = node.Attribute("norm_coefficient", 0f);
        int tensors = inputs.Length / 3;
        for (int i = 0; i < tensors; i++)
        {
            float[] parameters = Padded(inputs[i]), gradient = Padded(inputs[tensors + i]), state = Padded(inputs[2 * tensors + i]);
            if (node.Operator == "Adagrad")
            {
                // A gradient √h leaves h.
                var optimizer = new AdaGrad { LearningRate = 0, Epsilon = node.Attribute("epsilon", 0f) };
                Step(ref optimizer, parameters, Array.ConvertAll(state, MathF.Sqrt));
                (optimizer.LearningRate, optimizer.WeightDecay) = (rate, decay);
                Step(ref optimizer, parameters, gradient);
            }
            else
            {
                bool nesterov = node.Attribute("mode", "") == "nesterov";
                var optimizer = new Sgd { LearningRate = 0, Momentum = node.Attribute("alpha", 0f), Nesterov = nesterov };
                Step(ref optimizer, parameters, state);
                (optimizer.LearningRate, optimizer.WeightDecay) = (rate, decay);
                Step(ref optimizer, parameters, gradient);
            }
            float[] expected = test.Outputs[node.Outputs[i]].Floats;
            for (int k = 0; k < expected.Length; k++)
                Assert.Equal(expected[k], parameters[k], 8 * DocumentedBounds.Ulp * Math.Max(1, Math.Abs(expected[k])));
        }
    }

    private static readonly object s_network = new();

    // Optimizers work on whole vectors of four.
    private static float[] Padded(float[] values) => [.. values, .. new float[(4 - values.Length % 4) % 4]];

    private static void Step<TOptimizer>(ref TOptimizer optimizer, float[] parameters, float[] gradient) where TOptimizer : struct, IOptimizer
    {
        optimizer.BeginStep(s_network, parameters.Length);
        optimizer.Update(ref parameters[0], ref gradient[0], 0, parameters.Length);
    }
}
