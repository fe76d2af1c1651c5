using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop.Optimizers;

/// <summary>
/// What an optimizer remembers of one network. It is an object, so that copies of the optimizer's struct go on sharing it.
/// </summary>
internal sealed class OptimizerState
{
    // A mean of a parameter that has no gradient any more, of a dead ReLU say, would end at the smallest subnormal number and stay
    // there, since 0.9 of it rounds back to it; an Adam step of 64-32-10 then took three times as long. Seldom enough to cost nothing.
    private const int StepsBetweenFlushes = 32;

    private readonly object _network;
    private readonly int _length;
    private AlignedBuffer? _first;
    private AlignedBuffer? _second;

    private OptimizerState(object network, int length) => (_network, _length) = (network, length);

    /// <summary>The steps that have been begun.</summary>
    public int Steps { get; private set; }

    /// <summary>One float for each parameter, 0 at first; allocated when it is first asked for.</summary>
    public AlignedBuffer First => _first ?? Allocate(ref _first);

    /// <summary>A second float for each parameter, as <see cref="First"/>.</summary>
    public AlignedBuffer Second => _second ?? Allocate(ref _second);

    // A method of its own: inlined into an update, an allocation takes a frame that every call would set up.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private AlignedBuffer Allocate(ref AlignedBuffer? buffer) => buffer = new AlignedBuffer(_length);

    /// <summary>Begins a step: binds a new state to the network, or checks that the state is this network's.</summary>
    /// <exception cref="InvalidOperationException">The state belongs to another network.</exception>
    public static void BeginStep([NotNull] ref OptimizerState? state, object network, int length)
    {
        ArgumentNullException.ThrowIfNull(network);
        state ??= new OptimizerState(network, length);
        if (!ReferenceEquals(state._network, network) || state._length != length)
        {
            throw new InvalidOperationException(
                "The optimizer has already been used on another network, whose state it holds. Make a new optimizer for each network.");
        }

        if (++state.Steps % StepsBetweenFlushes == 0)
        {
            if (state._first is { } first) Subnormals.Flush(first.Span);
            if (state._second is { } second) Subnormals.Flush(second.Span);
        }
    }
}
