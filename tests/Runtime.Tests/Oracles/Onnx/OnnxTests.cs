using Runtime.Tests.Activations;
using Runtime.Tests.Differential;

namespace Runtime.Tests.Oracles.Onnx;

/// <summary>The ONNX project's operator vectors (see README.md), by the reference engine and by generated networks at every width.</summary>
public class OnnxTests
{
    private static readonly Lazy<CompiledNetworks> s_compiled = new(() =>
    {
        var engine = new ReferenceOnnxEngine();
        foreach (string name in Networks)
            new OnnxExecutor(engine).Run(OnnxCase.Read(name));
        return CompiledNetworks.Compile([.. engine.Specs]);
    });

    private static IEnumerable<string> Networks => OnnxCase.Names.Except(OnnxOptimizersTests.Names);

    public static TheoryData<string> Tests => [.. Networks];

    [Theory, MemberData(nameof(Tests))]
    public void Outputs_are_those_of_the_vectors(string name)
    {
        OnnxCase test = OnnxCase.Read(name);
        IReadOnlyDictionary<string, OnnxValues> reference = new OnnxExecutor(new ReferenceOnnxEngine()).Run(test);
        Compare("reference engine", reference);
        foreach (int lanes in CompiledNetworks.Widths)
            Compare($"{lanes} lanes", new OnnxExecutor(new GeneratedOnnxEngine(s_compiled.Value, lanes)).Run(test));

        void Compare(string engine, IReadOnlyDictionary<string, OnnxValues> actual)
        {
            foreach ((string output, OnnxTensor expected) in test.Outputs)
            {
                Assert.Equal(expected.Shape, actual[output].Shape);
                for (int i = 0; i < expected.Count; i++)
                {
                    // The vectors are in float too, by formulas that may cancel, such as ln(eˣ + 1): they may be off by our bound,
                    // and by 4 ULP of 1 or of the value.
                    double allowed = 2 * reference[output].Error[i] + 4 * DocumentedBounds.Ulp * Math.Max(1, Math.Abs(expected.Floats[i]));
                    double difference = Math.Abs(expected.Floats[i] - actual[output].Data[i]);
                    Assert.True(difference <= allowed, $"{engine}, {output}[{i}]: expected {expected.Floats[i]:R}, got {actual[output].Data[i]:R}, allowed {allowed:G3}");
                }
            }
        }
    }

    /// <summary>Every test of the package that concerns the project runs, or is listed with a reason, or spells out one that is.</summary>
    [Fact]
    public void No_test_is_left_out_in_silence()
    {
        IReadOnlyDictionary<string, string> tests = OnnxCase.Table("tests.tsv"), notRun = OnnxCase.Table("not-run.tsv");
        const string expanded = "_expanded";
        Assert.Empty(tests.Keys.Where(name => !(name.EndsWith(expanded) && tests.ContainsKey(name[..^expanded.Length]))).Except(OnnxCase.Names).Except(notRun.Keys));
        Assert.Empty(OnnxCase.Names.Intersect(notRun.Keys));
        Assert.Empty(OnnxCase.Names.Concat(notRun.Keys).Except(tests.Keys));
        Assert.All(notRun.Values, reason => Assert.True(reason.Length > 5));
    }
}
