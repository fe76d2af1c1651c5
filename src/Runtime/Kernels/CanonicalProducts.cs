using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// Writes the gradient a·δᵀ of a single sample where it is wanted, in canonical order: a row δᵤ·a for each unit u. So it need not be transposed, which would
/// take as long as forming it. All else, which comes a vector at a time, goes into the buffer, in the parameters' own order. Of the second of a
/// <see cref="SamplePair"/> it does so for both, as <see cref="PairUpdate{TSink}"/> does in a training step.
/// </summary>
/// <typeparam name="TSamples">The samples: one or two.</typeparam>
/// <param name="packed">The network's own order.</param>
/// <param name="gradient">The first float of the gradient in canonical order, which does not move.</param>
/// <param name="pair">The samples, if they are two.</param>
internal unsafe struct CanonicalProducts<TSamples>(PackedParameters packed, float* gradient, SamplePair pair) : IGradientSink where TSamples : struct, ICount
{
    // The panel whose products came last.
    private int _panel;

    /// <summary>Whether the weights of the layers that lie along their units came as products: of all, or else of none.</summary>
    public bool Taken { get; private set; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Accept<TLanes>(ref float block, int index, TLanes gradient) where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(TSamples.Count == 1 ? gradient : TLanes.Load(in block, index) + gradient, ref block, index);

    /// <inheritdoc/>
    public readonly float Factor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSamples.Count == 1 ? 1f : SamplePair.Scale;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptScaled<TLanes>(ref float block, int index, TLanes scaledGradient) where TLanes : struct, ILanes<TLanes> =>
        Accept(ref block, index, scaledGradient);

    /// <inheritdoc/>
    public readonly bool TakesProductVectors => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta) where TLanes : struct, ILanes<TLanes>
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AcceptProduct<TLanes>(ref float block, int index, TLanes a, TLanes delta, TLanes weights) where TLanes : struct, ILanes<TLanes>
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
        ref float a1 = ref Unsafe.Subtract(ref a, pair.ActivationDistance(offset)), delta1 = ref Unsafe.Subtract(ref delta, pair.DeltaDistance);
        if (panel.Inputs < TLanes.Count)
            WriteShortRows<TLanes>(panel, ref a1, ref a, ref delta1, ref delta);
        else
            WriteLongRows<TLanes>(panel, ref a1, ref a, ref delta1, ref delta);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Complete(ref float block, int offset, int count)
    {
    }

    // What does not fill a vector is written with those before it once more.
    [MethodImpl(JitOptions.Inlined)]
    private readonly void WriteLongRows<TLanes>(TransposedPanel panel, ref float a1, ref float a2, ref float delta1, ref float delta2) where TLanes : struct, ILanes<TLanes>
    {
        float* row = gradient + panel.Canonical;
        int last = panel.Inputs - TLanes.Count;
        for (int unit = 0; unit < panel.Units; unit++, row += panel.Inputs)
        {
            TLanes d1 = First<TLanes>(ref delta1, unit), d2 = TLanes.Create(Unsafe.Add(ref delta2, unit));
            for (int i = 0; i < last; i += TLanes.Count)
                WriteVector(ref a1, ref a2, i, d1, d2, ref *row);
            WriteVector(ref a1, ref a2, last, d1, d2, ref *row);
        }

        [MethodImpl(JitOptions.Inlined)]
        static void WriteVector(ref float a1, ref float a2, int i, TLanes d1, TLanes d2, ref float row) =>
            TLanes.Store(Products(TSamples.Count == 1 ? default : TLanes.Load(in a1, i), TLanes.Load(in a2, i), d1, d2), ref row, i);
    }

    // A whole vector for each row, whose end the next rows replace; where there are none, the row alone.
    [MethodImpl(JitOptions.Inlined)]
    private readonly void WriteShortRows<TLanes>(TransposedPanel panel, ref float a1, ref float a2, ref float delta1, ref float delta2) where TLanes : struct, ILanes<TLanes>
    {
        TLanes first = TSamples.Count == 1 ? default : TLanes.LoadFirst(in a1, 0, panel.Inputs), last = TLanes.LoadFirst(in a2, 0, panel.Inputs);
        float* row = gradient + panel.Canonical, end = row + panel.Inputs * panel.Units;
        for (int unit = 0; unit < panel.Units; unit++, row += panel.Inputs)
        {
            TLanes products = Products(first, last, First<TLanes>(ref delta1, unit), TLanes.Create(Unsafe.Add(ref delta2, unit)));
            if (row + TLanes.Count <= end)
                TLanes.Store(products, ref *row, 0);
            else
                TLanes.StoreFirst(products, ref *row, 0, panel.Inputs);
        }
    }

    // δ of a unit of the first sample, if there are two.
    [MethodImpl(JitOptions.Inlined)]
    private static TLanes First<TLanes>(ref float delta, int unit) where TLanes : struct, ILanes<TLanes> =>
        TSamples.Count == 1 ? default : TLanes.Create(Unsafe.Add(ref delta, unit));

    [MethodImpl(JitOptions.Inlined)]
    private static TLanes Products<TLanes>(TLanes a1, TLanes a2, TLanes d1, TLanes d2) where TLanes : struct, ILanes<TLanes> =>
        TSamples.Count == 1 ? a2 * d2 : TLanes.MultiplyAdd(a2, d2, a1 * d1);
}
