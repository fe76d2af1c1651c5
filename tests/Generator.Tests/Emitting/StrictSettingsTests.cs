using Backprop;
using Generator.Tests.Infrastructure;
using Generator.Tests.Planning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Runtime.Tests.Differential;
using Platform = Generator.Tests.Infrastructure.Platform;

namespace Generator.Tests.Emitting;

/// <summary>Emitted code compiles without a warning, whatever the settings of the user's project.</summary>
public class StrictSettingsTests
{
    public static TheoryData<string> Settings => new(s_settings.Keys);

    private static readonly Dictionary<string, HarnessOptions> s_settings = new()
    {
        ["documented, warnings are errors"] = HarnessOptions.Strict with { Documentation = DocumentationMode.Diagnose, WarningsAreErrors = true },
        // What these allow, no other of them forbids, so that one project can have them all.
        ["nullable off, overflow unchecked, unsafe allowed, debug"] = HarnessOptions.Strict with
        {
            Nullable = NullableContextOptions.Disable,
            CheckOverflow = false,
            AllowUnsafe = true,
            Optimization = OptimizationLevel.Debug,
            WarningsAreErrors = true,
        },
        ["newest language"] = HarnessOptions.Strict with { LanguageVersion = LanguageVersion.Preview, WarningsAreErrors = true },
        ["of .NET 8, documented"] = HarnessOptions.Strict with { Platform = Platform.Net8, Documentation = DocumentationMode.Diagnose },
    };

    /// <summary>Networks that have every part between them: each activation and loss, panels of two widths, all ways to unroll.</summary>
    private static IEnumerable<NetworkSpec> Networks
    {
        get
        {
            Activation[] activations = [.. Enum.GetValues<Activation>().Where(activation => activation != Activation.Softmax)];
            yield return new NetworkSpec(6, activations.Select((activation, i) => new DenseSpec(3 + 6 * i, activation) { Bias = i % 3 != 0 })) { Loss = Loss.Huber };
            foreach (string name in (string[])["W2", "W5", "wide, written out"])
                yield return Specs.Named[name];
        }
    }

    [Theory, MemberData(nameof(Settings))]
    public void Nothing_is_reported(string settings)
    {
        string source = "using Backprop;\n" + string.Concat(Networks.Select((spec, i) => $"/// <summary>A network.</summary>\n{NetworkSource.Declare(spec, $"Net{i}")}"));
        HarnessOptions options = s_settings[settings];
        GeneratorRun run = GeneratorHarness.Run(options, source);
        Assert.Empty(run.Problems);
        Assert.Equal(Networks.Count() * 5, run.Result.GeneratedSources.Length);
    }
}
