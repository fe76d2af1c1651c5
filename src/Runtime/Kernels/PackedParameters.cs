using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Backprop.Kernels;

/// <summary>Moves one layer's parameters between canonical order and the packed order of <see cref="PanelLayout"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PackedParameters
{
    /// <summary>Packs one layer; padding is written as 0.</summary>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="canonical">The weight [units, inputs] row-major, then the bias [units] where there is one.</param>
    /// <param name="packed">The first of the <see cref="PanelLayout.Length"/> floats that are overwritten.</param>
    public static void Pack(PanelLayout layout, ReadOnlySpan<float> canonical, ref float packed)
    {
        Span<float> destination = MemoryMarshal.CreateSpan(ref packed, layout.Length);
        destination.Clear();
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            int width = layout.Width(panel);
            Span<float> rows = destination.Slice(layout.Offset(panel), layout.Rows * width);
            for (int column = 0; column < width; column += layout.VectorLength)
            {
                int unit = layout.FirstUnit(panel) + column;
                int count = Math.Min(layout.VectorLength, layout.Units - unit);
                PackVector(layout, canonical, unit, count, rows[column..], width);
            }
        }
    }

    /// <summary>Unpacks one layer; padding is left out.</summary>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="packed">The first of the <see cref="PanelLayout.Length"/> floats that are read.</param>
    /// <param name="canonical">The weight [units, inputs] row-major, then the bias [units] where there is one; overwritten.</param>
    public static void Unpack(PanelLayout layout, ref readonly float packed, Span<float> canonical)
    {
        ReadOnlySpan<float> source = MemoryMarshal.CreateReadOnlySpan(in packed, layout.Length);
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            int width = layout.Width(panel);
            ReadOnlySpan<float> rows = source.Slice(layout.Offset(panel), layout.Rows * width);
            for (int column = 0; column < width; column += layout.VectorLength)
            {
                int unit = layout.FirstUnit(panel) + column;
                int count = Math.Min(layout.VectorLength, layout.Units - unit);
                UnpackVector(layout, rows[column..], width, unit, count, canonical);
            }
        }
    }

    /// <summary>
    /// Packs the <paramref name="count"/> units from <paramref name="unit"/> on: they are one vector of every row. It reads
    /// at most 16 streams at once, each from front to back, which the cache and the prefetcher follow.
    /// </summary>
    private static void PackVector(
        PanelLayout layout, ReadOnlySpan<float> canonical, int unit, int count, Span<float> rows, int stride)
    {
        int inputs = layout.Inputs;
        ReadOnlySpan<float> weights = canonical.Slice(unit * inputs, count * inputs);
        for (int row = 0; row < inputs; row++)
        {
            Span<float> vector = rows.Slice(row * stride, count);
            for (int lane = 0; lane < count; lane++)
                vector[lane] = weights[lane * inputs + row];
        }

        if (layout.Bias)
            canonical.Slice(layout.Units * inputs + unit, count).CopyTo(rows[(inputs * stride)..]);
    }

    /// <summary>The way back of <see cref="PackVector"/>.</summary>
    private static void UnpackVector(
        PanelLayout layout, ReadOnlySpan<float> rows, int stride, int unit, int count, Span<float> canonical)
    {
        int inputs = layout.Inputs;
        Span<float> weights = canonical.Slice(unit * inputs, count * inputs);
        for (int row = 0; row < inputs; row++)
        {
            ReadOnlySpan<float> vector = rows.Slice(row * stride, count);
            for (int lane = 0; lane < count; lane++)
                weights[lane * inputs + row] = vector[lane];
        }

        if (layout.Bias)
            rows.Slice(inputs * stride, count).CopyTo(canonical[(layout.Units * inputs + unit)..]);
    }
}
