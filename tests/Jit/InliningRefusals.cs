using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Backprop.Jit;

/// <summary>What the JIT says that it does not inline, and why: the runtime's event of that name.</summary>
internal sealed class InliningRefusals : EventListener
{
    private const EventKeywords JitTracing = (EventKeywords)0x1000;

    private readonly ConcurrentQueue<(string Method, string Into, string Reason)> _refusals = new();

    /// <summary>The refusals up to now; later ones may still be on their way.</summary>
    public IReadOnlyCollection<(string Method, string Into, string Reason)> All => _refusals;

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Verbose, JitTracing);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is not { } name || !name.StartsWith("MethodJitInliningFailed", StringComparison.Ordinal))
            return;
        string Method(string role) => $"{Payload($"{role}Namespace")}:{Payload($"{role}Name")}";
        string Payload(string field) => (string)eventData.Payload![eventData.PayloadNames!.IndexOf(field)]!;
        _refusals.Enqueue((Method("Inlinee"), Method("MethodBeingCompiled"), Payload("FailReason")));
    }
}
