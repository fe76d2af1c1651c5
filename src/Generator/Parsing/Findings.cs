using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Backprop.Generator.Parsing;

/// <summary>Collects what is wrong with one network.</summary>
/// <param name="network">The network's name, the first argument of every message.</param>
internal sealed class Findings(string network)
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

    /// <summary>Whether nothing was found so far.</summary>
    public bool None => _diagnostics.Count == 0;

    /// <summary>The diagnostics in the order in which they were found.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => _diagnostics.ToImmutable();

    /// <summary>Adds a diagnostic whose message has the network's name and up to two more arguments.</summary>
    public void Add(DiagnosticDescriptor descriptor, Location location, string? second = null, string? third = null) =>
        _diagnostics.Add(Diagnostic.Create(descriptor, location, network, second, third));
}
