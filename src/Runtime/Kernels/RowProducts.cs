using System.ComponentModel;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// The propagation of δ for a few samples, δ = (Wᵀδ′) ∘ φ′(z), by dot products along the rows of W as they lie. For many samples it is
/// worth while to transpose W first, for a few that alone would take longer.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowProducts
{
    /// <summary>The most samples.</summary>
    public const int MaxSamples = 3;

    private const int Rows = 4;

    /// <summary>Writes δ of the layer below.</summary>
    /// <typeparam name="TLanes">The vector along the rows.</typeparam>
    /// <typeparam name="TResult">What becomes of the sums.</typeparam>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="weights">The first of its weights.</param>
    /// <param name="next">The layer's own δ′, [samples, units], padding included.</param>
    /// <param name="nextStride">Floats from one sample to the next there.</param>
    /// <param name="from">What the result depends on besides, [samples, inputs].</param>
    /// <param name="delta">δ of the layer below, [samples, inputs].</param>
    /// <param name="stride">Floats from one sample to the next in both.</param>
    /// <param name="samples">The number of samples, at most <see cref="MaxSamples"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Propagate<TLanes, TResult>(
        PanelLayout layout, ref float weights, ref float next, int nextStride, ref float from, ref float delta, int stride, int samples)
        where TLanes : struct, ILanes<TLanes>
        where TResult : struct, ITileResult
    {
        int inputs = layout.Inputs, panels = layout.Panels, widerPanels = layout.WiderPanels, rowsOfPanel = layout.Rows;
        int wide = layout.Width(0), narrow = layout.Width(panels - 1);
        for (int first = 0; first < inputs; first += Rows)
        {
            int last = Math.Min(Rows, inputs - first) - 1;
            for (int s = 0; s < samples; s++)
            {
                var sums = Lanes128.Create(0f);
                ref float weightsOfPanel = ref weights;
                ref float units = ref Unsafe.Add(ref next, s * nextStride);
                for (int panel = 0; panel < panels; panel++)
                {
                    int width = panel < widerPanels ? wide : narrow;
                    sums += FourRows<TLanes>(ref Unsafe.Add(ref weightsOfPanel, first * width), width, last, ref units);
                    weightsOfPanel = ref Unsafe.Add(ref weightsOfPanel, rowsOfPanel * width);
                    units = ref Unsafe.Add(ref units, width);
                }

                int at = s * stride + first;
                Lanes128.Store(TResult.Of(sums, in from, at), ref delta, at);
            }
        }
    }

    // Row·y for four rows, of which those after the last are the last again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes128 FourRows<TLanes>(ref float row0, int width, int last, ref float y) where TLanes : struct, ILanes<TLanes>
    {
        ref float row1 = ref Unsafe.Add(ref row0, Math.Min(1, last) * width);
        ref float row2 = ref Unsafe.Add(ref row0, Math.Min(2, last) * width);
        ref float row3 = ref Unsafe.Add(ref row0, Math.Min(3, last) * width);
        TLanes p0 = TLanes.Create(0f), p1 = p0, p2 = p0, p3 = p0;
        for (int unit = 0; unit < width; unit += TLanes.Count)
        {
            var v = TLanes.Load(in y, unit);
            p0 = TLanes.MultiplyAdd(TLanes.Load(in row0, unit), v, p0);
            p1 = TLanes.MultiplyAdd(TLanes.Load(in row1, unit), v, p1);
            p2 = TLanes.MultiplyAdd(TLanes.Load(in row2, unit), v, p2);
            p3 = TLanes.MultiplyAdd(TLanes.Load(in row3, unit), v, p3);
        }

        return TLanes.SumEach(p0, p1, p2, p3);
    }
}
