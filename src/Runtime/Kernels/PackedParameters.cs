using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backprop.Numerics;

namespace Backprop.Kernels;

/// <summary>
/// Moves parameters between canonical order and a network's own, the packed order of <see cref="PanelLayout"/>, where a panel is the transpose of its
/// units' weights, or of <see cref="DotLayout"/>, where it is a part of their rows. What lies where is decided once, when a network's class is first used.
/// </summary>
internal sealed class PackedParameters
{
    // Up to as many parameters are unpacked one by one, which is faster than the calls that a few panels take (2-2-1: a gradient in 21 ns, not 39; 4-16-3, of 131: 77).
    private const int MostOneByOne = 128;

    private readonly TransposedPanel[] _panels;
    private readonly CopiedRun[] _runs;
    private readonly int _length;

    // The packed place of each parameter, in canonical order, where they are unpacked one by one; else none.
    private readonly int[] _places = [];

    /// <summary>All layers of a network.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="lastAlongInputs">Whether its last layer lies along its inputs.</param>
    public PackedParameters(NetworkSpec spec, bool lastAlongInputs)
        : this(Layouts(spec).SkipLast(lastAlongInputs ? 1 : 0), lastAlongInputs ? DotLayout.OfLast(spec) : null)
    {
    }

    /// <summary>Some layers.</summary>
    /// <param name="alongUnits">Those that lie along their units.</param>
    /// <param name="last">One after them that lies along its inputs, if any.</param>
    public PackedParameters(IEnumerable<PanelLayout> alongUnits, DotLayout? last)
    {
        var panels = new List<TransposedPanel>();
        var runs = new List<CopiedRun>();
        int packed = 0, canonical = 0;
        foreach (PanelLayout layout in alongUnits)
        {
            Add(layout, packed, canonical, panels, runs);
            packed += layout.Length;
            canonical += layout.Count;
            if (FirstLength == 0)
                FirstLength = packed;
        }

        if (last is not null)
        {
            Add(last, packed, canonical, runs);
            packed += last.Length;
        }

        (_panels, _runs, _length) = ([.. panels], [.. runs], packed);
        int count = panels.Sum(panel => panel.Inputs * panel.Units) + runs.Sum(run => run.Count);
        if (count <= MostOneByOne)
            _places = Places(count);
    }

    /// <summary>The panels of the layers that lie along their units.</summary>
    public ReadOnlySpan<TransposedPanel> Panels => _panels;

    /// <summary>The floats of the first layer, padding included.</summary>
    public int FirstLength { get; }

    /// <summary>How each layer of a network lies, or would, along its units.</summary>
    /// <param name="spec">The network.</param>
    public static PanelLayout[] Layouts(NetworkSpec spec) =>
        [.. spec.Layers.Select((layer, i) => new PanelLayout(spec.InputsOf(i), layer.Units, layer.Bias))];

    /// <summary>Packs the parameters; padding is written as 0.</summary>
    /// <param name="canonical">Layer by layer, the weight [units, inputs] row-major, then the bias [units] where there is one.</param>
    /// <param name="packed">The first of the floats that are overwritten.</param>
    [MethodImpl(JitOptions.Kernel)]
    public void Pack(ReadOnlySpan<float> canonical, ref float packed)
    {
        Span<float> destination = MemoryMarshal.CreateSpan(ref packed, _length);
        destination.Clear();
        foreach (TransposedPanel panel in _panels)
            Transposition.Transpose(in canonical[panel.Canonical], panel.Inputs, panel.Units, panel.Inputs, ref destination[panel.Packed], panel.Width);
        foreach (CopiedRun run in _runs)
            canonical.Slice(run.Canonical, run.Count).CopyTo(destination[run.Packed..]);
    }

    /// <summary>Unpacks the parameters; padding is left out.</summary>
    /// <param name="packed">The first of the floats that are read.</param>
    /// <param name="canonical">In the order of <see cref="Pack"/>; overwritten.</param>
    [MethodImpl(JitOptions.Kernel)]
    public void Unpack(ref readonly float packed, Span<float> canonical)
    {
        if (_places.Length > 0)
        {
            for (int i = 0; i < _places.Length; i++)
                canonical[i] = Unsafe.Add(ref Unsafe.AsRef(in packed), _places[i]);
            return;
        }

        foreach (TransposedPanel panel in _panels)
            Transposition.Transpose(in Unsafe.Add(ref Unsafe.AsRef(in packed), panel.Packed), panel.Width, panel.Inputs, panel.Units, ref canonical[panel.Canonical], panel.Inputs);
        UnpackRuns(in packed, canonical);
    }

    /// <summary>Unpacks all but the weights in <see cref="Panels"/>.</summary>
    /// <param name="packed">The first of the floats that are read.</param>
    /// <param name="canonical">In the order of <see cref="Pack"/>; overwritten where they belong.</param>
    [MethodImpl(JitOptions.Kernel)]
    public void UnpackRuns(ref readonly float packed, Span<float> canonical)
    {
        ReadOnlySpan<float> source = MemoryMarshal.CreateReadOnlySpan(in packed, _length);
        foreach (CopiedRun run in _runs)
            source.Slice(run.Packed, run.Count).CopyTo(canonical[run.Canonical..]);
    }

    // By moving the place of each parameter as the parameter itself.
    private int[] Places(int count)
    {
        float[] packed = [.. Enumerable.Range(0, _length).Select(place => (float)place)], canonical = new float[count];
        Unpack(in packed[0], canonical);
        return [.. canonical.Select(place => (int)place)];
    }

    private static void Add(PanelLayout layout, int packed, int canonical, List<TransposedPanel> panels, List<CopiedRun> runs)
    {
        for (int panel = 0; panel < layout.Panels; panel++)
        {
            int unit = layout.FirstUnit(panel), width = layout.Width(panel), units = Math.Min(width, layout.Units - unit), place = packed + layout.Offset(panel);
            panels.Add(new TransposedPanel(place, width, canonical + unit * layout.Inputs, layout.Inputs, units));
            if (layout.Bias)
                runs.Add(new CopiedRun(place + layout.Inputs * width, canonical + layout.Units * layout.Inputs + unit, units));
        }
    }

    private static void Add(DotLayout layout, int packed, int canonical, List<CopiedRun> runs)
    {
        for (int unit = 0; unit < layout.Units; unit++)
        {
            int row = canonical + unit * layout.Inputs;
            for (int panel = 0; panel < layout.Weights.Panels; panel++)
            {
                int input = layout.Weights.FirstUnit(panel), width = layout.Weights.Width(panel);
                AddRun(layout.Weights.Offset(panel) + unit * width, row + input, Math.Min(width, layout.Inputs - layout.Tail - input));
            }

            AddRun(layout.TailOffset(unit), row + layout.Inputs - layout.Tail, layout.Tail);
        }

        if (layout.Bias)
            AddRun(layout.BiasOffset, canonical + layout.Units * layout.Inputs, layout.Units);

        // Runs come in canonical order: those that follow each other here too are one.
        void AddRun(int place, int weight, int count)
        {
            if (count == 0)
                return;
            if (runs.Count > 0 && runs[^1] is var last && last.Packed + last.Count == packed + place)
                runs[^1] = last with { Count = last.Count + count };
            else
                runs.Add(new CopiedRun(packed + place, weight, count));
        }
    }
}
