using Microsoft.CodeAnalysis;

namespace Backprop.Generator.Diagnostics;

/// <summary>Every diagnostic of the generator; docs/diagnostics.md has a section for each.</summary>
internal static class Descriptors
{
    private const string Category = "Backprop";
    private const DiagnosticSeverity Error = DiagnosticSeverity.Error;
    private const DiagnosticSeverity Info = DiagnosticSeverity.Info;

    // The rules of the specification, in the order of SpecificationRule. {1}: the network, or one of its layers; {2}: what the rule says.

    public static readonly DiagnosticDescriptor InputsPositive = new("BP0001", "A network has inputs",
        "{1}: {2}; give [Network] the number of values in one sample", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0001"));

    public static readonly DiagnosticDescriptor HasLayers = new("BP0002", "A network has layers",
        "{1}: {2}; add [Dense(units, activation)] for each layer below [Network]", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0002"));

    public static readonly DiagnosticDescriptor UnitsPositive = new("BP0003", "A layer has units",
        "{1}: {2}; give [Dense] the number of outputs of the layer", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0003"));

    public static readonly DiagnosticDescriptor SizesBounded = new("BP0004", "Sizes are within the limits",
        "{1}: {2}; make it smaller", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0004"));

    public static readonly DiagnosticDescriptor BatchSizeInRange = new("BP0005", "The batch size is within the limits",
        "{1}: {2}; give the size of the usual mini-batch, any other count of samples works too", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0005"));

    public static readonly DiagnosticDescriptor KnownValues = new("BP0006", "Enumerations have named values",
        "{1}: {2}; use one of its named values", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0006"));

    public static readonly DiagnosticDescriptor SoftmaxLast = new("BP0007", "Softmax is for the last layer",
        "{1}: {2}", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0007"));

    public static readonly DiagnosticDescriptor CrossEntropyNeedsSoftmax = new("BP0008", "Cross-entropy needs softmax",
        "{1}: {2}; use Activation.Softmax here, or another loss", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0008"));

    public static readonly DiagnosticDescriptor BinaryCrossEntropyNeedsSigmoid = new("BP0009", "Binary cross-entropy needs sigmoid",
        "{1}: {2}; use Activation.Sigmoid here, or another loss", Category, Error, true, helpLinkUri: HelpLinks.Of("BP0009"));

    // The declaration of the class. {0}: the network.

    public static readonly DiagnosticDescriptor NotPartial = new("BP0010", "A network is a partial class",
        "'{0}' is a network but not partial, so that nothing can be added to it; declare it 'partial class {0}'",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0010"));

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = new("BP0011", "Types around a network are partial",
        "'{1}' contains the network '{0}' but is not partial, so that nothing can be added inside it; declare '{1}' partial",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0011"));

    public static readonly DiagnosticDescriptor Generic = new("BP0012", "A network is not generic",
        "'{0}' is a network, and '{1}' is generic: a network has one set of sizes, known at compile time; remove the type parameters, or move the network out",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0012"));

    public static readonly DiagnosticDescriptor Static = new("BP0013", "A network is not static",
        "'{0}' is a network but static: its parameters belong to an instance; remove 'static'",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0013"));

    public static readonly DiagnosticDescriptor Abstract = new("BP0014", "A network is not abstract",
        "'{0}' is a network but abstract, so that no instance could be made; remove 'abstract'",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0014"));

    public static readonly DiagnosticDescriptor NotAClass = new("BP0015", "A network is a plain class",
        "'{0}' is declared as {1}, and a network is a plain class, to which fields and constructors can be added; declare it 'partial class {0}'",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0015"));

    public static readonly DiagnosticDescriptor FileLocal = new("BP0016", "A network is not file-local",
        "'{0}' is a network, and '{1}' is local to its file, so that the emitted files cannot add to it; remove 'file'",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0016"));

    public static readonly DiagnosticDescriptor AttributesSpread = new("BP0017", "A network's attributes stand on one declaration",
        "'{0}' has this attribute on another declaration than its first one, which leaves the order of the layers undefined; move all of them to one declaration",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0017"));

    public static readonly DiagnosticDescriptor DenseWithoutNetwork = new("BP0018", "Layers belong to a network",
        "'{0}' has layers but is no network; add [Network(inputs)] above the first [Dense]",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0018"));

    public static readonly DiagnosticDescriptor MemberClash = new("BP0019", "Emitted members have their names to themselves",
        "The generator adds '{1}' to the network '{0}', and {2}; rename that one",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0019"));

    public static readonly DiagnosticDescriptor ConstructorUnchained = new("BP0020", "Constructors chain to the emitted one",
        "This constructor of the network '{0}' would leave the parameters without initial values; {1}",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0020"));

    public static readonly DiagnosticDescriptor BaseConstructor = new("BP0021", "The base class of a network can be constructed without arguments",
        "'{0}' is a network, and its base class '{1}' has no accessible constructor without parameters for the emitted one to call; add one to '{1}', or derive from another class",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0021"));

    public static readonly DiagnosticDescriptor RequiredMember = new("BP0022", "A network has no required members",
        "'{0}' is a network, and '{1}' is required, so that the emitted 'Create(seed)' could not construct it; remove 'required'",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0022"));

    public static readonly DiagnosticDescriptor NetworkBase = new("BP0023", "A network does not derive from a network",
        "'{0}' is a network and derives from the network '{1}', whose members its own would hide; derive from another class, or hold a '{1}' in a field",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0023"));

    // The project.

    public static readonly DiagnosticDescriptor LanguageVersion = new("BP0024", "Emitted code is C# 12",
        "The network '{0}' is emitted as C# 12, and this project uses C# {1}; set <LangVersion> to 12 or later, or remove it",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0024"));

    public static readonly DiagnosticDescriptor Platform = new("BP0025", "Emitted code needs .NET 8",
        "The network '{0}' is emitted for .NET 8 or later, and this project's target lacks System.Runtime.Intrinsics.Vector512; set <TargetFramework> to net8.0 or later",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0025"));

    public static readonly DiagnosticDescriptor RuntimeAliased = new("BP0026", "The runtime is referenced without an alias",
        "The network '{0}' is emitted with names of the form global::Backprop, and this project references the runtime under an extern alias only; remove the alias, or add 'global' to it",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0026"));

    public static readonly DiagnosticDescriptor GeneratedArgument = new("BP0027", "Arguments are known before generation",
        "An attribute of the network '{0}' uses a value that a source generator emits, and no generator sees what is emitted; write the number, or a constant of your own",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0027"));

    public static readonly DiagnosticDescriptor WordTaken = new("BP0028", "The words of emitted code keep their meaning",
        "The network '{0}' is emitted in words that mean something else here: '{1}' is the type '{2}'; rename that one",
        Category, Error, true, helpLinkUri: HelpLinks.Of("BP0028"));

    // Suggestions: the network is served as it is. {1}: the network, or one of its layers; {2}: what could be better.

    public static readonly DiagnosticDescriptor RegressionOutput = new("BP0029", "A regression's outputs take any value",
        "{1}: {2}", Category, Info, true, helpLinkUri: HelpLinks.Of("BP0029"));

    public static readonly DiagnosticDescriptor Saturation = new("BP0030", "Saturating activations begin with Glorot's distribution",
        "{1}: {2}", Category, Info, true, helpLinkUri: HelpLinks.Of("BP0030"));

    public static readonly DiagnosticDescriptor CacheExceeded = new("BP0031", "Parameters fit the second-level cache",
        "{1}: {2}", Category, Info, true, helpLinkUri: HelpLinks.Of("BP0031"));

    public static readonly DiagnosticDescriptor UnrollBeyondBudget = new("BP0032", "Unroll.Full is for layers within its budget",
        "{1}: {2}", Category, Info, true, helpLinkUri: HelpLinks.Of("BP0032"));

    /// <summary>The diagnostic of a rule of the specification.</summary>
    public static DiagnosticDescriptor Of(SpecificationRule rule) => rule switch
    {
        SpecificationRule.InputsPositive => InputsPositive,
        SpecificationRule.HasLayers => HasLayers,
        SpecificationRule.UnitsPositive => UnitsPositive,
        SpecificationRule.SizesBounded => SizesBounded,
        SpecificationRule.BatchSizeInRange => BatchSizeInRange,
        SpecificationRule.KnownValues => KnownValues,
        SpecificationRule.SoftmaxLast => SoftmaxLast,
        SpecificationRule.CrossEntropyNeedsSoftmax => CrossEntropyNeedsSoftmax,
        SpecificationRule.BinaryCrossEntropyNeedsSigmoid => BinaryCrossEntropyNeedsSigmoid,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "a rule without a diagnostic"),
    };
}
