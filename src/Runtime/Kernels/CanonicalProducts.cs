using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// Writes the gradient a·δᵀ of a single sample where it is wanted, in canonical order: a row δᵤ·a for each unit u. So it need not be transposed, which would
/// take as long as forming it. All else, which comes a vector at a time, goes into the buffer, in the parameters' own order.
/// </summary>
/// <param name="packed">The network's own order.</param>
/// <param name="gradient">The first float of the gradient in canonical order, which does not move.</param>
internal unsafe struct CanonicalProducts(PackedParameters packed, float* gradient) : IGradientSink
{
    // The panel whose products came last.
    private int _panel;

    /// <summary>Whether the weights of the layers that lie along their units came as products: of all, or else of none.</summary>
    public bool Taken { get; private set; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(gradient, ref block, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TLanes Scale<TLanes>(TLanes delta) where TLanes : struct, ILanes<TLanes> => delta;

    /// <inheritdoc/>
    public readonly bool TakesProductVectors => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes scaledDelta) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes scaledDelta, TLanes weights) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(JitOptions.Kernel)]
    public void CompleteProduct<TLanes>(ref float block, int offset, ref float a, int rows, ref float delta, int width) where TLanes : struct, ILanes<TLanes>
    {
        Taken = true;
        ReadOnlySpan<TransposedPanel> panels = packed.Panels;
        while (_panel < panels.Length - 1 && offset >= panels[_panel + 1].Packed)
            _panel++;
        while (offset < panels[_panel].Packed)
            _panel--;

        // With a panel's first rows come the activations of all: each of its units has a row to be written from one end to the other.
        TransposedPanel panel = panels[_panel];
        if (offset != panel.Packed)
            return;
        float* row = gradient + panel.Canonical;
        for (int unit = 0; unit < panel.Units; unit++, row += panel.Inputs)
            WriteRow(ref a, TLanes.Create(Unsafe.Add(ref delta, unit)), ref *row, panel.Inputs);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Complete(ref float block, int offset, int count)
    {
    }

    // The activations times one δ. What does not fill a vector is written with those before it once more, if there are any.
    [MethodImpl(JitOptions.Inlined)]
    private static void WriteRow<TLanes>(ref float a, TLanes delta, ref float row, int count) where TLanes : struct, ILanes<TLanes>
    {
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.Load(in a, i) * delta, ref row, i);
        if (i == count)
            return;
        if (count > TLanes.Count)
            TLanes.Store(TLanes.Load(in a, count - TLanes.Count) * delta, ref row, count - TLanes.Count);
        else
            TLanes.StoreFirst(TLanes.LoadFirst(in a, 0, count) * delta, ref row, 0, count);
    }
}
