using System.Runtime.CompilerServices;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Emitting;

/// <summary>
/// The emitted files of three small networks, byte for byte: what a change of the generator does to its output is seen in
/// the review. After a change that is meant, run the tests with BACKPROP_UPDATE_BASELINES=1 and commit what they write.
/// </summary>
public class BaselineTests
{
    private const string Variable = "BACKPROP_UPDATE_BASELINES";

    private static readonly Dictionary<string, string> s_sources = new()
    {
        ["XorNet"] = "[Network(2, Loss = Loss.HalfSquaredError)] [Dense(2, Activation.Sigmoid)] [Dense(1, Activation.Sigmoid)]",
        ["IrisNet"] = "[Network(4, Loss = Loss.CrossEntropy)] [Dense(16, Activation.Tanh)] [Dense(3, Activation.Softmax)]",
        ["UnbiasedNet"] = "[Network(5, Loss = Loss.MeanAbsoluteError, BatchSize = 20)] [Dense(7, Activation.GELU, Bias = false)] [Dense(2, Bias = false)]",
    };

    public static TheoryData<string> Names => new(s_sources.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Emitted_files_are_the_baselines(string name)
    {
        GeneratorRun run = GeneratorHarness.Run($"using Backprop; namespace Baselines; {s_sources[name]} public partial class {name};");
        Dictionary<string, string> emitted = run.Result.GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString());
        string folder = Path.Combine(Folder(), name);
        if (Environment.GetEnvironmentVariable(Variable) == "1")
            Update(folder, emitted);

        Assert.True(Directory.Exists(folder), $"There are no baselines of {name}: run the tests with {Variable}=1 and commit what they write.");
        Assert.Equal(Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal), emitted.Keys.Order(StringComparer.Ordinal));
        foreach ((string file, string text) in emitted)
            Assert.True(File.ReadAllText(Path.Combine(folder, file)) == text, $"{file} is not as in {folder}: {FirstDifference(File.ReadAllText(Path.Combine(folder, file)), text)} If that is meant, run the tests with {Variable}=1 and commit what they write.");
    }

    private static void Update(string folder, Dictionary<string, string> emitted)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach ((string file, string text) in emitted)
            File.WriteAllText(Path.Combine(folder, file), text);
    }

    private static string FirstDifference(string expected, string actual)
    {
        string[] before = expected.Split('\n'), after = actual.Split('\n');
        int line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1} was \"{before.ElementAtOrDefault(line)}\" and is \"{after.ElementAtOrDefault(line)}\".";
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Baselines");
}
