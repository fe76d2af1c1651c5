using System.ComponentModel;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// The gradient by the inputs of a batch: ∂C/∂x[samples, inputs] = δ[samples, units]·W[units, inputs], with δ and W of the first layer. Vectors run over the
/// inputs, so W is turned, two vectors of inputs at a time; a tile is that of up to six samples.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InputGradient
{
    // As many turned units fill 16 KiB with the widest vectors.
    private const int MaxUnits = 128;

    private const int MaxColumns = 2;

    /// <summary>Computes it.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="layout">The first layer's layout; it has as many inputs as the vector has lanes, or more.</param>
    /// <param name="parameters">The network's first parameter.</param>
    /// <param name="delta">δ of the first layer, [samples, units].</param>
    /// <param name="stride">Floats from one sample to the next there.</param>
    /// <param name="dx">∂C/∂x, [samples, inputs]; overwritten.</param>
    /// <param name="samples">The samples.</param>
    [MethodImpl(JitOptions.Kernel), SkipLocalsInit]
    public static void Run<TLanes>(PanelLayout layout, ref float parameters, ref float delta, int stride, ref float dx, int samples) where TLanes : struct, ILanes<TLanes>
    {
        ref float turned = ref Scratch.Align(stackalloc float[MaxUnits * MaxColumns * PanelLayout.Alignment + PanelLayout.Alignment]);
        for (int first = 0; first < layout.Inputs;)
        {
            // The last vectors end with the last input: what they share with those before is computed once more.
            int columns = layout.Inputs - first > TLanes.Count && layout.Inputs >= MaxColumns * TLanes.Count ? MaxColumns : 1, width = columns * TLanes.Count;
            first = Math.Min(first, layout.Inputs - width);
            for (int panel = 0, unit = 0; panel < layout.Panels;)
            {
                int units = Turn(layout, ref panel, ref parameters, first, width, ref turned);
                ref float d = ref Unsafe.Add(ref delta, unit);
                ref float to = ref Unsafe.Add(ref dx, first);
                if (columns == 1)
                    Tiles<TLanes, One>(ref turned, ref d, stride, ref to, layout.Inputs, units, samples, adds: unit > 0);
                else
                    Tiles<TLanes, Two>(ref turned, ref d, stride, ref to, layout.Inputs, units, samples, adds: unit > 0);
                unit += units;
            }

            first += width;
        }
    }

    // turned[units, width] = W[units, first to first + width], of the units of as many panels as there is room for.
    private static int Turn(PanelLayout layout, ref int panel, ref float parameters, int first, int width, ref float turned)
    {
        int units = 0;
        for (; panel < layout.Panels && units + layout.Width(panel) <= MaxUnits; panel++)
        {
            int panelWidth = layout.Width(panel), real = Math.Min(panelWidth, layout.Units - layout.FirstUnit(panel));
            ref float weights = ref Unsafe.Add(ref parameters, layout.Offset(panel) + first * panelWidth);
            Transposition.Transpose(in weights, panelWidth, width, real, ref Unsafe.Add(ref turned, units * width), width);
            units += real;
        }

        return units;
    }

    // All samples.
    [MethodImpl(JitOptions.Kernel)]
    private static void Tiles<TLanes, TColumns>(ref float turned, ref float delta, int stride, ref float dx, int inputs, int units, int samples, bool adds)
        where TLanes : struct, ILanes<TLanes>
        where TColumns : struct, ICount
    {
        int s = 0;
        for (; s <= samples - Six.Count; s += Six.Count)
            Tile<TLanes, TColumns, Six>(ref turned, ref Unsafe.Add(ref delta, s * stride), stride, ref Unsafe.Add(ref dx, s * inputs), inputs, units, adds);
        for (; s <= samples - Two.Count; s += Two.Count)
            Tile<TLanes, TColumns, Two>(ref turned, ref Unsafe.Add(ref delta, s * stride), stride, ref Unsafe.Add(ref dx, s * inputs), inputs, units, adds);
        if (s < samples)
            Tile<TLanes, TColumns, One>(ref turned, ref Unsafe.Add(ref delta, s * stride), stride, ref Unsafe.Add(ref dx, s * inputs), inputs, units, adds);
    }

    // One, two, or six of them.
    [MethodImpl(JitOptions.Kernel)]
    private static void Tile<TLanes, TColumns, TRows>(ref float turned, ref float delta, int stride, ref float dx, int inputs, int units, bool adds)
        where TLanes : struct, ILanes<TLanes>
        where TColumns : struct, ICount
        where TRows : struct, ICount
    {
        TLanes z00 = default, z01 = default, z10 = default, z11 = default, z20 = default, z21 = default, z30 = default, z31 = default, z40 = default, z41 = default, z50 = default, z51 = default;
        ref float d0 = ref delta, d1 = ref Unsafe.Add(ref delta, stride), d2 = ref Unsafe.Add(ref delta, 2 * stride);
        ref float d3 = ref Unsafe.Add(ref delta, 3 * stride), d4 = ref Unsafe.Add(ref delta, 4 * stride), d5 = ref Unsafe.Add(ref delta, 5 * stride);
        for (int unit = 0; unit < units; unit++)
        {
            var w0 = TLanes.Load(in turned, 0);
            TLanes w1 = TColumns.Count > 1 ? TLanes.Load(in turned, TLanes.Count) : default;
            turned = ref Unsafe.Add(ref turned, TColumns.Count * TLanes.Count);
            Add<TLanes, TColumns>(w0, w1, ref d0, unit, ref z00, ref z01);
            if (TRows.Count > 1)
                Add<TLanes, TColumns>(w0, w1, ref d1, unit, ref z10, ref z11);
            if (TRows.Count > 2)
            {
                Add<TLanes, TColumns>(w0, w1, ref d2, unit, ref z20, ref z21);
                Add<TLanes, TColumns>(w0, w1, ref d3, unit, ref z30, ref z31);
                Add<TLanes, TColumns>(w0, w1, ref d4, unit, ref z40, ref z41);
                Add<TLanes, TColumns>(w0, w1, ref d5, unit, ref z50, ref z51);
            }
        }

        Store<TLanes, TColumns>(z00, z01, ref dx, 0, adds);
        if (TRows.Count > 1)
            Store<TLanes, TColumns>(z10, z11, ref dx, inputs, adds);
        if (TRows.Count > 2)
        {
            Store<TLanes, TColumns>(z20, z21, ref dx, 2 * inputs, adds);
            Store<TLanes, TColumns>(z30, z31, ref dx, 3 * inputs, adds);
            Store<TLanes, TColumns>(z40, z41, ref dx, 4 * inputs, adds);
            Store<TLanes, TColumns>(z50, z51, ref dx, 5 * inputs, adds);
        }
    }

    // One sample's δ of a unit, times the unit's weights.
    [MethodImpl(JitOptions.Inlined)]
    private static void Add<TLanes, TColumns>(TLanes w0, TLanes w1, ref float delta, int unit, ref TLanes z0, ref TLanes z1)
        where TLanes : struct, ILanes<TLanes>
        where TColumns : struct, ICount
    {
        var d = TLanes.Create(Unsafe.Add(ref delta, unit));
        z0 = TLanes.MultiplyAdd(w0, d, z0);
        if (TColumns.Count > 1)
            z1 = TLanes.MultiplyAdd(w1, d, z1);
    }

    // One sample's sums, beside those of other units where there are any.
    [MethodImpl(JitOptions.Inlined)]
    private static void Store<TLanes, TColumns>(TLanes z0, TLanes z1, ref float dx, int at, bool adds)
        where TLanes : struct, ILanes<TLanes>
        where TColumns : struct, ICount
    {
        TLanes.Store(adds ? TLanes.Load(in dx, at) + z0 : z0, ref dx, at);
        if (TColumns.Count > 1)
            TLanes.Store(adds ? TLanes.Load(in dx, at + TLanes.Count) + z1 : z1, ref dx, at + TLanes.Count);
    }
}
