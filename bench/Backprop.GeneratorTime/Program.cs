// How long the generator takes in the steady state: a whole run for one network, and a run after an unrelated edit.
using System.Diagnostics;
using Backprop.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

const int Runs = 61;
var parsing = new CSharpParseOptions(LanguageVersion.CSharp12);
string[] assemblies = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => !path.EndsWith("Backprop.Generator.dll", StringComparison.Ordinal))];
MetadataReference[] references = [.. assemblies.Select(path => MetadataReference.CreateFromFile(path))];
(string Name, string Source)[] networks =
[
    ("2-2-1", "[Network(2, Loss = Loss.HalfSquaredError)] [Dense(2, Activation.Sigmoid)] [Dense(1, Activation.Sigmoid)] partial class Net;"),
    ("784-512-256-10", "[Network(784, Loss = Loss.CrossEntropy)] [Dense(512, Activation.ReLU)] [Dense(256, Activation.ReLU)] [Dense(10, Activation.Softmax)] partial class Net;"),
];
foreach ((string name, string source) in networks)
{
    SyntaxTree tree = Parse($"using Backprop; namespace Measured; {source}");
    var compilation = CSharpCompilation.Create("Measured", [tree], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
    Compilation edited = compilation.AddSyntaxTrees(Parse("class Unrelated { }"));
    double[] whole = new double[Runs], edits = new double[Runs];
    int characters = 0;
    for (int run = 0; run < Runs; run++)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: parsing);
        long start = Stopwatch.GetTimestamp();
        driver = driver.RunGenerators(compilation);
        whole[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        characters = driver.GetRunResult().GeneratedTrees.Sum(generated => generated.Length);
        start = Stopwatch.GetTimestamp();
        driver = driver.RunGenerators(edited);
        edits[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
    Console.WriteLine($"{name}: {Median(whole):F2} ms for {characters:N0} characters; after an unrelated edit {Median(edits):F2} ms");
}

SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, parsing);

static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);
