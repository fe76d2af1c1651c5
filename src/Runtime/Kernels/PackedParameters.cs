using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// Moves one layer's parameters between canonical order and the packed order of <see cref="PanelLayout"/>, where a panel is the
/// transpose of its units' weights, or of <see cref="DotLayout"/>, where it is a part of their rows.
/// </summary>
internal static class PackedParameters
{
    /// <summary>Packs one layer; padding is written as 0.</summary>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="canonical">The weight [units, inputs] row-major, then the bias [units] where there is one.</param>
    /// <param name="packed">The first of the <see cref="PanelLayout.Length"/> floats that are overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(PanelLayout layout, ReadOnlySpan<float> canonical, ref float packed)
    {
        Span<float> destination = MemoryMarshal.CreateSpan(ref packed, layout.Length);
        destination.Clear();
        int inputs = layout.Inputs;
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            (int unit, int units, int width) = UnitsOf(layout, panel);
            Span<float> rows = destination.Slice(layout.Offset(panel), layout.Rows * width);
            ReadOnlySpan<float> weights = canonical.Slice(unit * inputs, units * inputs);
            Transposition.Transpose(in weights[0], inputs, units, inputs, ref rows[0], width);
            if (layout.Bias)
                canonical.Slice(layout.Units * inputs + unit, units).CopyTo(rows[(inputs * width)..]);
        }
    }

    /// <summary>Unpacks one layer; padding is left out.</summary>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="packed">The first of the <see cref="PanelLayout.Length"/> floats that are read.</param>
    /// <param name="canonical">The weight [units, inputs] row-major, then the bias [units] where there is one; overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(PanelLayout layout, ref readonly float packed, Span<float> canonical)
    {
        ReadOnlySpan<float> source = MemoryMarshal.CreateReadOnlySpan(in packed, layout.Length);
        int inputs = layout.Inputs;
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            (int unit, int units, int width) = UnitsOf(layout, panel);
            ReadOnlySpan<float> rows = source.Slice(layout.Offset(panel), layout.Rows * width);
            Span<float> weights = canonical.Slice(unit * inputs, units * inputs);
            Transposition.Transpose(in rows[0], width, inputs, units, ref weights[0], inputs);
            if (layout.Bias)
                rows.Slice(inputs * width, units).CopyTo(canonical[(layout.Units * inputs + unit)..]);
        }
    }

    /// <summary>Packs a layer that lies along its inputs; padding is written as 0.</summary>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="canonical">The weight [units, inputs] row-major, then the bias [units] where there is one.</param>
    /// <param name="packed">The first of the <see cref="DotLayout.Length"/> floats that are overwritten.</param>
    public static void Pack(DotLayout layout, ReadOnlySpan<float> canonical, ref float packed)
    {
        Span<float> destination = MemoryMarshal.CreateSpan(ref packed, layout.Length);
        destination.Clear();
        for (int panel = 0; panel < layout.Weights.Panels; panel++)
        {
            for (int unit = 0; unit < layout.Units; unit++)
            {
                (int place, int weight, int count) = RowOf(layout, panel, unit);
                canonical.Slice(weight, count).CopyTo(destination[place..]);
            }
        }

        for (int unit = 0; unit < layout.Units; unit++)
            canonical.Slice((unit + 1) * layout.Inputs - layout.Tail, layout.Tail).CopyTo(destination[layout.TailOffset(unit)..]);
        canonical[(layout.Units * layout.Inputs)..].CopyTo(destination[layout.BiasOffset..]);
    }

    /// <summary>Unpacks a layer that lies along its inputs; padding is left out.</summary>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="packed">The first of the <see cref="DotLayout.Length"/> floats that are read.</param>
    /// <param name="canonical">The weight [units, inputs] row-major, then the bias [units] where there is one; overwritten.</param>
    public static void Unpack(DotLayout layout, ref readonly float packed, Span<float> canonical)
    {
        ReadOnlySpan<float> source = MemoryMarshal.CreateReadOnlySpan(in packed, layout.Length);
        for (int panel = 0; panel < layout.Weights.Panels; panel++)
        {
            for (int unit = 0; unit < layout.Units; unit++)
            {
                (int place, int weight, int count) = RowOf(layout, panel, unit);
                source.Slice(place, count).CopyTo(canonical[weight..]);
            }
        }

        for (int unit = 0; unit < layout.Units; unit++)
            source.Slice(layout.TailOffset(unit), layout.Tail).CopyTo(canonical[((unit + 1) * layout.Inputs - layout.Tail)..]);
        if (layout.Bias)
            source.Slice(layout.BiasOffset, layout.Units).CopyTo(canonical[(layout.Units * layout.Inputs)..]);
    }

    // A unit's row in a panel: where it lies, its first weight in canonical order, and how many there are besides the tail.
    private static (int Place, int Weight, int Count) RowOf(DotLayout layout, int panel, int unit)
    {
        int first = layout.Weights.FirstUnit(panel), width = layout.Weights.Width(panel);
        return (layout.Weights.Offset(panel) + unit * width, unit * layout.Inputs + first, Math.Min(width, layout.Inputs - layout.Tail - first));
    }

    // A panel's first unit, its real units, and its width with padding.
    private static (int Unit, int Units, int Width) UnitsOf(PanelLayout layout, int panel)
    {
        int unit = layout.FirstUnit(panel), width = layout.Width(panel);
        return (unit, Math.Min(width, layout.Units - unit), width);
    }
}
