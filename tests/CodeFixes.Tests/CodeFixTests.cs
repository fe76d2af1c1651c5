using Backprop.Generator.Diagnostics;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CodeFixes.Tests;

/// <summary>Each fix by its result: the text, to the blank, and that nothing is reported of it any more.</summary>
public class CodeFixTests
{
    /// <summary>The fix's title; the source with the diagnostic's place marked; what it becomes.</summary>
    public static TheoryData<string, string, string> Fixes => new()
    {
        // The activation that the loss needs: in the place of another, or after the units.
        { "Use Activation.Softmax", "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [Dense(2, «Activation.Sigmoid»)] partial class Net;", "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [Dense(2, Activation.Softmax)] partial class Net;" },
        { "Use Activation.Softmax", "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [«Dense(2)»] partial class Net;", "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [Dense(2, Activation.Softmax)] partial class Net;" },
        { "Use Activation.Softmax", "using Backprop; [Network(3, Loss = Loss.CrossEntropy), Dense(5), «Dense(2 /* classes */, Bias = false)»] partial class Net;", "using Backprop; [Network(3, Loss = Loss.CrossEntropy), Dense(5), Dense(2, Activation.Softmax /* classes */, Bias = false)] partial class Net;" },
        { "Use Activation.Softmax", "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [Dense(activation: «(Activation)2», units: 2)] partial class Net;", "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [Dense(activation: Activation.Softmax, units: 2)] partial class Net;" },
        { "Use Activation.Softmax", "[Backprop.Network(3, Loss = Backprop.Loss.CrossEntropy)] [«Backprop.Dense(units: 2)»] partial class Net;", "[Backprop.Network(3, Loss = Backprop.Loss.CrossEntropy)] [Backprop.Dense(units: 2, Backprop.Activation.Softmax)] partial class Net;" },
        { "Use Activation.Softmax", "using Backprop; namespace A { class Activation; [Network(3, Loss = Loss.CrossEntropy)] [«Dense(2)»] partial class Net; }", "using Backprop; namespace A { class Activation; [Network(3, Loss = Loss.CrossEntropy)] [Dense(2, Backprop.Activation.Softmax)] partial class Net; }" },
        { "Use Activation.Sigmoid", "using Backprop; [Network(3, Loss = Loss.BinaryCrossEntropy)]\n[Dense(2, «Activation.Tanh», Bias = false)]\npartial class Net;", "using Backprop; [Network(3, Loss = Loss.BinaryCrossEntropy)]\n[Dense(2, Activation.Sigmoid, Bias = false)]\npartial class Net;" },

        { "Declare 'Net' partial", "using Backprop; [Network(3)] [Dense(2)] class «Net»;", "using Backprop; [Network(3)] [Dense(2)] partial class Net;" },
        { "Declare 'Net' partial", "using Backprop;\n\n/// <summary>A network.</summary>\n[Network(3)] // three\n[Dense(2)]\n// here\npublic sealed   class «Net»;", "using Backprop;\n\n/// <summary>A network.</summary>\n[Network(3)] // three\n[Dense(2)]\n// here\npublic sealed   partial class Net;" },
        { "Declare 'Outer' partial", "using Backprop; readonly ref struct «Outer» { [Network(3)] [Dense(2)] public partial class Net; }", "using Backprop; readonly ref partial struct Outer { [Network(3)] [Dense(2)] public partial class Net; }" },
        { "Declare 'Outer' partial", "using Backprop; record class «Outer» { [Network(3)] [Dense(2)] public partial class Net; }", "using Backprop; partial record class Outer { [Network(3)] [Dense(2)] public partial class Net; }" },

        { "Remove 'static'", "using Backprop; [Network(3)] [Dense(2)] public static /* ! */ partial class «Net»;", "using Backprop; [Network(3)] [Dense(2)] public partial class Net;" },
        { "Remove 'abstract'", "using Backprop; [Network(3)] [Dense(2)]\nabstract partial class «Net»;", "using Backprop; [Network(3)] [Dense(2)]\npartial class Net;" },
        { "Remove 'file'", "using Backprop; [Network(3)] [Dense(2)] file sealed partial class «Net»;", "using Backprop; [Network(3)] [Dense(2)] sealed partial class Net;" },

        { "Use Activation.Identity", "using Backprop; [Network(3)] [Dense(2, «Activation.ReLU», Bias = false)] partial class Net;", "using Backprop; [Network(3)] [Dense(2, Activation.Identity, Bias = false)] partial class Net;" },
        { "Use Activation.Identity", "using Backprop; [Network(3, Loss = Loss.Huber)] [Dense(2, «Activation.Softmax»)] partial class Net;", "using Backprop; [Network(3, Loss = Loss.Huber)] [Dense(2, Activation.Identity)] partial class Net;" },
        { "Train with Loss.CrossEntropy", "using Backprop; [Network(3, Loss = Loss.Huber)] [Dense(2, «Activation.Softmax»)] partial class Net;", "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [Dense(2, Activation.Softmax)] partial class Net;" },
        { "Train with Loss.CrossEntropy", "[Backprop.Dense(2, «Backprop.Activation.Softmax»)] [Backprop.Network(inputs: 3, BatchSize = 4 )] partial class Net;", "[Backprop.Dense(2, Backprop.Activation.Softmax)] [Backprop.Network(inputs: 3, BatchSize = 4, Loss = Backprop.Loss.CrossEntropy )] partial class Net;" },

        { "Use Initializer.GlorotNormal", "using Backprop; [Network(3)] [Dense(2, Activation.Tanh, Initializer = «Initializer.HeNormal», Bias = false)] partial class Net;", "using Backprop; [Network(3)] [Dense(2, Activation.Tanh, Initializer = Initializer.GlorotNormal, Bias = false)] partial class Net;" },
        { "Use Initializer.GlorotUniform", "using Backprop; [Network(3)] [Dense(2, Activation.Softsign, Initializer = «(Initializer)3»)] partial class Net;", "using Backprop; [Network(3)] [Dense(2, Activation.Softsign, Initializer = Initializer.GlorotUniform)] partial class Net;" },

        { "Remove Unroll", "using Backprop; [Network(16385, Unroll = «Unroll.Full»)] [Dense(8)] partial class Net;", "using Backprop; [Network(16385)] [Dense(8)] partial class Net;" },
        { "Remove Unroll", "using Backprop; [Network(inputs: 16385, Unroll = «Unroll.Full», BatchSize = 4)] [Dense(8)] partial class Net;", "using Backprop; [Network(inputs: 16385, BatchSize = 4)] [Dense(8)] partial class Net;" },
    };

    [Theory, MemberData(nameof(Fixes))]
    public void Gives_this_text_and_no_diagnostic(string title, string marked, string expected)
    {
        CodeFixHarness project = CodeFixHarness.Open(MarkedSource.Plain(marked));
        Diagnostic diagnostic = Assert.Single(project.Diagnostics);
        Assert.Equal(marked, MarkedSource.Mark(diagnostic));
        CodeFixHarness result = project.Apply(Assert.Single(project.FixesOf(diagnostic), fix => fix.Title == title));
        Assert.Equal(expected, Assert.Single(result.Texts));
        Assert.Empty(result.Diagnostics);
    }

    /// <summary>Where the modifier is not there, or the fix would not be the answer.</summary>
    [Theory]
    [InlineData("file partial class Outer { [Network(3)] [Dense(2)] public partial class Net; }", "BP0016")]
    [InlineData("[Network(3)] [Dense(2)] partial class Net; static partial class Net;", "BP0013")]
    [InlineData("[Network(512)] [Dense(513)] partial class Net;", "BP0031")]
    public void Is_not_offered(string source, string id)
    {
        CodeFixHarness project = CodeFixHarness.Open("using Backprop; " + source);
        Diagnostic diagnostic = Assert.Single(project.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Empty(project.FixesOf(diagnostic));
    }

    /// <summary>Everything at once, in each scope: one document for the edits of a document, all of them for the others.</summary>
    [Theory]
    [InlineData(FixAllScope.Document, 1)]
    [InlineData(FixAllScope.Project, 2)]
    [InlineData(FixAllScope.Solution, 2)]
    public void Can_be_applied_to_all(FixAllScope scope, int files)
    {
        const string before = "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [Dense(2)] partial class A;\n[Network(3, Loss = Loss.CrossEntropy)] [Dense(2, Activation.Tanh)] partial class B;";
        const string after = "using Backprop; [Network(3, Loss = Loss.CrossEntropy)] [Dense(2, Activation.Softmax)] partial class A;\n[Network(3, Loss = Loss.CrossEntropy)] [Dense(2, Activation.Softmax)] partial class B;";
        string[] sources = [before, before.Replace("class ", "class Other")];
        string[] expected = [after, after.Replace("class ", "class Other")];
        CodeFixHarness result = CodeFixHarness.Open(sources).ApplyToAll("Use Activation.Softmax", scope);
        Assert.Equal([.. expected[..files], .. sources[files..]], result.Texts);
    }

    [Fact]
    public void A_nest_of_types_becomes_partial_at_once()
    {
        const string source = "using Backprop; class Outer { struct Outer2 { [Network(3)] [Dense(2)] public partial class Net; } }";
        CodeFixHarness project = CodeFixHarness.Open(source);
        Assert.Equal(["BP0011", "BP0011"], project.Diagnostics.Select(found => found.Id));
        CodeFixHarness result = project.ApplyToAll("Declare 'Outer' partial", FixAllScope.Project);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(["using Backprop; partial class Outer { partial struct Outer2 { [Network(3)] [Dense(2)] public partial class Net; } }"], result.Texts);
    }

    /// <summary>The fixes' ids are the generator's, every fix has a row above, and the documentation lists the same ids.</summary>
    [Fact]
    public void Ids_are_diagnostics_that_are_documented_as_fixable()
    {
        string[] ids = [.. CodeFixHarness.Providers.SelectMany(provider => provider.FixableDiagnosticIds).Distinct().Order(StringComparer.Ordinal)];
        Assert.Subset(new NetworkAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id).ToHashSet(), ids.ToHashSet());
        Assert.Equal(ids, DiagnosticsDocument.FixableIds.Order(StringComparer.Ordinal));
        Assert.All(CodeFixHarness.Providers, provider => Assert.NotEmpty(provider.GetType().GetCustomAttributes(typeof(ExportCodeFixProviderAttribute), inherit: false)));
    }
}
