using System.Text;
using Backprop.Generator.Emitting;
using Backprop.Generator.Model;
using Backprop.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Backprop.Generator;

/// <summary>
/// Adds the members of a network to each class with [Network]. It reports nothing: <see cref="Diagnostics.NetworkAnalyzer"/> does.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    // Without a byte order mark: emitted files are read by people and compared by tools.
    private static readonly Encoding s_encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The pipeline's stages, by which tests follow what is cached.</summary>
    internal static class Stages
    {
        /// <summary>Class to <see cref="ParsedNetwork"/>: runs at every edit, and gives an equal value unless the network changed.</summary>
        public const string Parse = nameof(Parse);

        /// <summary><see cref="ParsedNetwork"/> to text: runs only where the network changed.</summary>
        public const string Emit = nameof(Emit);
    }

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ParsedNetwork> networks = context.SyntaxProvider
            .ForAttributeWithMetadataName(NetworkAttributes.NetworkName, static (node, _) => node is TypeDeclarationSyntax, static (found, cancellation) => Parse(found, cancellation))
            .Where(static network => network is not null)
            .Select(static (network, _) => network!)
            .WithTrackingName(Stages.Parse);
        IncrementalValuesProvider<EquatableArray<EmittedFile>> files = networks
            .Select(static (network, _) => network.Served is { } served ? NetworkEmitter.Emit(served) : new([StubEmitter.Emit(network.Refused!)]))
            .WithTrackingName(Stages.Emit);
        context.RegisterSourceOutput(files, static (output, files) =>
        {
            foreach (EmittedFile file in files)
                output.AddSource(file.HintName, SourceText.From(file.Text, s_encoding));
        });
    }

    private static ParsedNetwork? Parse(GeneratorAttributeSyntaxContext found, CancellationToken cancellation)
    {
        ParseResult result = NetworkParser.Parse((INamedTypeSymbol)found.TargetSymbol, found.SemanticModel.Compilation, cancellation);
        // A class that bears [Network] on two declarations is found twice, but emitted once.
        return result.Declaration == found.TargetNode ? result.Network : null;
    }
}
