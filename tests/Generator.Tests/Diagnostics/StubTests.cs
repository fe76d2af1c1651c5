using Generator.Tests.Infrastructure;

namespace Generator.Tests.Diagnostics;

/// <summary>A refused specification leaves the error at its attribute alone: what uses the network still compiles.</summary>
public class StubTests
{
    private const string Use = """
        static class Program
        {
            static float Use(INetwork<Outer.Net> network) => network.ComputeLoss([], []);
            static TNet Make<TNet>() where TNet : class, INetwork<TNet> => TNet.Create(TNet.InputSize + TNet.Spec.Inputs);
            static void Main()
            {
                const int Ratio = 1 / Outer.Net.InputSize + 1 / Outer.Net.OutputSize + 1 / Outer.Net.ParameterCount;
                var net = new Outer.Net(seed: 1);
                net = Make<Outer.Net>();
                Span<float> x = stackalloc float[Ratio];
                net.Forward(x, x);
                float loss = Use(net) + net.ComputeLoss(x, x) + net.Backward(x, x, x) + net.Backward(x, x, x, x) + net.TrainStep(x, x, 0.1f);
                var optimizer = new Rule();
                loss += net.TrainStep(x, x, ref optimizer) + Outer.Net.Spec.Inputs;
                net.CopyParametersTo(x);
                net.LoadParameters(x);
                Outer.Net other = new(), third = Make<Outer.Net>();
            }
            struct Rule : IOptimizer
            {
                public float LearningRate { get; set; }
                public void BeginStep(object network, int length) { }
                public void Update(ref float parameters, ref float gradient, int offset, int count) { }
            }
        }
        """;

    [Theory]
    [InlineData("[Network(0)] [Dense(2)]", "BP0001")]
    [InlineData("[Network(3)]", "BP0002")]
    [InlineData("[Network(3, Loss = Loss.Absent)] [Dense(2)]", "CS0117")]
    [InlineData("[Network()] [Dense(2)]", "CS7036")]
    [InlineData("[Network(3)] [Dense(null)]", "CS1503")]
    [InlineData("[Network(3)] [Dense(2, Activation.)]", "CS1001 CS0117")]
    public void Uses_of_a_refused_network_compile(string attributes, string ids)
    {
        HarnessOptions options = HarnessOptions.Strict with { OutputKind = Microsoft.CodeAnalysis.OutputKind.ConsoleApplication };
        GeneratorRun run = GeneratorHarness.Run(options, $"using System; using Backprop; partial class Outer {{ {attributes} internal partial class Net; }} {Use}");
        Assert.Equal(ids, string.Join(' ', run.Problems.Select(found => found.Id)));
    }
}
