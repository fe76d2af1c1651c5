using Generator.Tests.Infrastructure;

namespace Generator.Tests.Emitting;

/// <summary>What a step of one sample does that nothing waits for comes behind its update: the processor ends instructions in their order.</summary>
public class StepOrderTests
{
    [Theory]
    [InlineData("[Network(4, Loss = Loss.CrossEntropy)] [Dense(16, Activation.Tanh)] [Dense(3, Activation.Softmax)]", "LogFromOne")] // in registers
    [InlineData("[Network(28, Loss = Loss.CrossEntropy)] [Dense(20, Activation.ReLU)] [Dense(2, Activation.Softmax)]", "LogFromOne")] // in variables
    [InlineData("[Network(16, Loss = Loss.CrossEntropy)] [Dense(32)] [Dense(32)] [Dense(8, Activation.Softmax)]", "LogFromOne")] // through memory
    [InlineData("[Network(64, Loss = Loss.CrossEntropy)] [Dense(10, Activation.Softmax)]", "LogFromOne")] // one layer along its inputs
    [InlineData("[Network(40, Loss = Loss.BinaryCrossEntropy)] [Dense(1, Activation.Sigmoid)]", "BinaryCrossEntropy.Value")]
    [InlineData("[Network(28)] [Dense(20, Activation.ReLU)] [Dense(2)]", "InputGradientOne(")]
    [InlineData("[Network(40)] [Dense(1)]", "InputGradientOne(")]
    public void What_nothing_waits_for_comes_last(string declaration, string last)
    {
        string kernels = GeneratorHarness.Run($"using Backprop; {declaration} public sealed partial class Net;").File("Net.Vector512.g.cs");
        int begin = kernels.IndexOf("float GradientOne<TSink>", StringComparison.Ordinal);
        string step = kernels[begin..kernels.IndexOf("/// <summary>", begin, StringComparison.Ordinal)];
        int update = Math.Max(step.LastIndexOf("sink.", StringComparison.Ordinal), step.LastIndexOf("ref sink);", StringComparison.Ordinal));
        Assert.InRange(step.IndexOf(last, StringComparison.Ordinal), update, step.Length);
    }
}
