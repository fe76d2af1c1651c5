using System.ComponentModel;
using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// The backward pass of a few samples through a layer, with one reading of its weights: a row of W gives, by its dot products with δ′, an
/// element of each sample's δ = (Wᵀδ′) ∘ φ′(z), and takes its gradient Σₛ aᵢδ′. For many samples it is worth while to transpose W
/// first, for a few that alone would take longer.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BackwardRows
{
    /// <summary>The most samples.</summary>
    public const int MaxSamples = 3;

    // As many rows at a time, whose sums are reduced together.
    private const int Rows = 4;

    /// <summary>Writes δ of the layer below, and hands the layer's gradient to the sink.</summary>
    /// <typeparam name="TLanes">The vector along the rows.</typeparam>
    /// <typeparam name="TResult">What becomes of the sums.</typeparam>
    /// <typeparam name="TSink">What becomes of the gradient.</typeparam>
    /// <param name="layout">The layer's layout.</param>
    /// <param name="parameters">The network's first parameter.</param>
    /// <param name="target">The first float of the buffer that the sink writes.</param>
    /// <param name="offset">The layer's place in both.</param>
    /// <param name="below">Activations of the layer below, [samples, inputs].</param>
    /// <param name="from">What the result depends on besides, [samples, inputs].</param>
    /// <param name="delta">δ of the layer below, [samples, inputs]; its padding is zeroed.</param>
    /// <param name="stride">Floats from one sample to the next in these three.</param>
    /// <param name="padded">Inputs with padding.</param>
    /// <param name="next">The layer's own δ′, [samples, units], padding included.</param>
    /// <param name="nextStride">Floats from one sample to the next there.</param>
    /// <param name="samples">The number of samples, at most <see cref="MaxSamples"/>.</param>
    /// <param name="sink">What becomes of the gradient.</param>
    [MethodImpl(JitOptions.Inlined)]
    public static void Run<TLanes, TResult, TSink>(
        PanelLayout layout, ref float parameters, ref float target, int offset, ref float below, ref float from, ref float delta, int stride, int padded,
        ref float next, int nextStride, int samples, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TResult : struct, ITileResult
        where TSink : struct, IGradientSink
    {
        if (samples == 1)
            Run<TLanes, TResult, TSink, One>(layout, ref parameters, ref target, offset, ref below, ref from, ref delta, stride, padded, ref next, nextStride, ref sink);
        else if (samples == 2)
            Run<TLanes, TResult, TSink, Two>(layout, ref parameters, ref target, offset, ref below, ref from, ref delta, stride, padded, ref next, nextStride, ref sink);
        else
            Run<TLanes, TResult, TSink, Three>(layout, ref parameters, ref target, offset, ref below, ref from, ref delta, stride, padded, ref next, nextStride, ref sink);
    }

    [MethodImpl(JitOptions.Kernel)]
    private static void Run<TLanes, TResult, TSink, TSamples>(
        PanelLayout layout, ref float parameters, ref float target, int offset, ref float below, ref float from, ref float delta, int stride, int padded,
        ref float next, int nextStride, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TResult : struct, ITileResult
        where TSink : struct, IGradientSink
        where TSamples : struct, ICount
    {
        TSink local = sink; // in registers: through the reference it would be read again after every store
        int inputs = layout.Inputs, panels = layout.Panels, widerPanels = layout.WiderPanels, rowsOfPanel = layout.Rows;
        int wide = layout.Width(0), narrow = layout.Width(panels - 1);
        for (int first = 0; first < inputs; first += Rows)
        {
            int rows = Math.Min(Rows, inputs - first);
            TLanes p00 = TLanes.Create(0f), p01 = p00, p02 = p00, p10 = p00, p11 = p00, p12 = p00, p20 = p00, p21 = p00, p22 = p00, p30 = p00, p31 = p00, p32 = p00;
            ref float a = ref Unsafe.Add(ref below, first);
            ref float d = ref next;
            int panelOffset = offset;
            for (int panel = 0; panel < panels; panel++)
            {
                int width = panel < widerPanels ? wide : narrow, blockOffset = panelOffset + first * width;
                ref float w = ref Unsafe.Add(ref parameters, blockOffset);
                ref float block = ref Unsafe.Add(ref target, blockOffset);
                for (int unit = 0; unit < width; unit += TLanes.Count)
                {
                    var d0 = TLanes.Load(in d, unit);
                    TLanes d1 = TSamples.Count > 1 ? TLanes.Load(in d, nextStride + unit) : default, d2 = TSamples.Count > 2 ? TLanes.Load(in d, 2 * nextStride + unit) : default;
                    Row<TLanes, TSink, TSamples>(ref w, ref block, unit, ref a, stride, d0, d1, d2, ref p00, ref p01, ref p02, ref local);
                    if (rows > 1)
                        Row<TLanes, TSink, TSamples>(ref w, ref block, width + unit, ref Unsafe.Add(ref a, 1), stride, d0, d1, d2, ref p10, ref p11, ref p12, ref local);
                    if (rows > 2)
                        Row<TLanes, TSink, TSamples>(ref w, ref block, 2 * width + unit, ref Unsafe.Add(ref a, 2), stride, d0, d1, d2, ref p20, ref p21, ref p22, ref local);
                    if (rows > 3)
                        Row<TLanes, TSink, TSamples>(ref w, ref block, 3 * width + unit, ref Unsafe.Add(ref a, 3), stride, d0, d1, d2, ref p30, ref p31, ref p32, ref local);
                }

                local.Complete(ref block, blockOffset, rows * width);
                panelOffset += rowsOfPanel * width;
                d = ref Unsafe.Add(ref d, width);
            }

            Lanes128.Store(TResult.Of(TLanes.SumEach(p00, p10, p20, p30), in from, first), ref delta, first);
            if (TSamples.Count > 1)
                Lanes128.Store(TResult.Of(TLanes.SumEach(p01, p11, p21, p31), in from, stride + first), ref delta, stride + first);
            if (TSamples.Count > 2)
                Lanes128.Store(TResult.Of(TLanes.SumEach(p02, p12, p22, p32), in from, 2 * stride + first), ref delta, 2 * stride + first);
        }

        for (int s = 0; s < TSamples.Count; s++)
        {
            for (int input = inputs; input < padded; input++)
                Unsafe.Add(ref delta, s * stride + input) = 0f;
        }

        if (layout.Bias)
            Biases<TLanes, TSink, TSamples>(layout, ref target, offset, ref next, nextStride, ref local);
        sink = local;
    }

    // A vector of one row: its share of the dot products, and its gradient.
    [MethodImpl(JitOptions.Inlined)]
    private static void Row<TLanes, TSink, TSamples>(
        ref float w, ref float block, int index, ref float a, int stride, TLanes d0, TLanes d1, TLanes d2, ref TLanes p0, ref TLanes p1, ref TLanes p2, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
        where TSamples : struct, ICount
    {
        var weights = TLanes.Load(in w, index);
        p0 = TLanes.MultiplyAdd(weights, d0, p0);
        TLanes gradient = TLanes.Create(a) * d0;
        if (TSamples.Count > 1)
        {
            p1 = TLanes.MultiplyAdd(weights, d1, p1);
            gradient = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref a, stride)), d1, gradient);
        }

        if (TSamples.Count > 2)
        {
            p2 = TLanes.MultiplyAdd(weights, d2, p2);
            gradient = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref a, 2 * stride)), d2, gradient);
        }

        sink.Accept(ref block, index, gradient);
    }

    // ∂C/∂b = Σₛ δ′, in the row after the weights of each panel.
    [MethodImpl(JitOptions.Inlined)]
    private static void Biases<TLanes, TSink, TSamples>(PanelLayout layout, ref float target, int offset, ref float next, int nextStride, ref TSink sink)
        where TLanes : struct, ILanes<TLanes>
        where TSink : struct, IGradientSink
        where TSamples : struct, ICount
    {
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            int width = layout.Width(panel), blockOffset = offset + layout.Offset(panel) + layout.Inputs * width;
            ref float block = ref Unsafe.Add(ref target, blockOffset);
            ref float d = ref Unsafe.Add(ref next, layout.FirstUnit(panel));
            for (int unit = 0; unit < width; unit += TLanes.Count)
            {
                var sum = TLanes.Load(in d, unit);
                if (TSamples.Count > 1)
                    sum += TLanes.Load(in d, nextStride + unit);
                if (TSamples.Count > 2)
                    sum += TLanes.Load(in d, 2 * nextStride + unit);
                sink.Accept(ref block, unit, sum);
            }

            sink.Complete(ref block, blockOffset, width);
        }
    }
}
