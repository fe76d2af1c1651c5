using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Infrastructure;

/// <summary>What a user's project targets.</summary>
internal enum Platform
{
    /// <summary>The runtime that the tests run on.</summary>
    Current,

    /// <summary>.NET 8, which lacks some members of later ones.</summary>
    Net8,
}

/// <summary>The settings of the user's project that a test compiles. The defaults are the strictest that emitted code has to pass.</summary>
internal sealed record HarnessOptions
{
    /// <summary>The defaults.</summary>
    public static HarnessOptions Strict { get; } = new();

    public LanguageVersion LanguageVersion { get; init; } = LanguageVersion.CSharp12;

    public Platform Platform { get; init; }

    public NullableContextOptions Nullable { get; init; } = NullableContextOptions.Enable;

    public bool CheckOverflow { get; init; } = true;

    public bool AllowUnsafe { get; init; }

    public OptimizationLevel Optimization { get; init; } = OptimizationLevel.Release;

    public DocumentationMode Documentation { get; init; } = DocumentationMode.Parse;

    /// <summary>Whether the project treats every warning as an error.</summary>
    public bool WarningsAreErrors { get; init; }

    public OutputKind OutputKind { get; init; } = OutputKind.DynamicallyLinkedLibrary;

    /// <summary>The extern alias that the runtime is referenced under; none by default.</summary>
    public string? RuntimeAlias { get; init; }

    public CSharpParseOptions ParseOptions => new(LanguageVersion, Documentation);

    public CSharpCompilationOptions CompilationOptions => new(
        OutputKind, optimizationLevel: Optimization, checkOverflow: CheckOverflow, allowUnsafe: AllowUnsafe, warningLevel: 9999, nullableContextOptions: Nullable,
        generalDiagnosticOption: WarningsAreErrors ? ReportDiagnostic.Error : ReportDiagnostic.Default);
}
