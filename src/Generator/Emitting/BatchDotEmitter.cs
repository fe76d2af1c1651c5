using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the products of a batch for a last layer that lies along its inputs: z = x·Wᵀ + b, and the gradient Σₛ δ·xᵀ.</summary>
internal sealed class BatchDotEmitter(SourceWriter writer, KernelContext context, DotRowEmitter row)
{
    private readonly LayerPlan _layer = context.Plan.Output;
    private readonly DotLayout _layout = context.Plan.Dots!;
    private readonly VectorSyntax _vector = context.Vector(context.Width.Lanes);
    private readonly DotTileEmitter _tiles = new(writer, context, DotProduct.OfNetwork(context.Plan));
    private readonly DotLoopEmitter _loops = new(writer, context.Plan.Dots!, context.Width.Lanes);

    private int Lanes => _vector.Lanes;

    /// <summary>Writes both, under the names that the emitters of other layers call them by.</summary>
    public void Write(ForwardEmitter forward, WeightGradientEmitter gradient)
    {
        WriteForward(forward);
        foreach (int samples in TilesOfSeveral)
            _tiles.WriteTile(samples);
        WriteGradient(gradient.LayerName(_layer));
    }

    private void WriteForward(ForwardEmitter forward)
    {
        writer.Line();
        writer.Line($"/// <summary>{forward.Summary(_layer)}</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {forward.LayerName(_layer)}(ref float parameters, ref float x, ref float z, int samples)"))
        {
            writer.Line("int s = 0;");
            foreach (int rows in TilesOfSeveral)
            {
                writer.Line($"for (; s <= samples - {rows}; s += {rows})");
                writer.Line($"    {_tiles.TileName(rows)}(ref parameters, {Input}, {Sums});");
            }
            using (writer.Block("for (; s < samples; s++)"))
                row.WriteInto(Input, Sums);
        }
    }

    private string Input => $"ref BpMem::Unsafe.Add(ref x, s * {context.Plan.InputStride(_layer)})";

    private string Sums => VectorSyntax.At("z", _layer.Stride == 1 ? "s" : $"s * {_layer.Stride}");

    private IEnumerable<int> TilesOfSeveral => DotPlanner.RowTiles(context.Width, _layout).Where(rows => rows > 1);

    private void WriteGradient(string name)
    {
        writer.Line();
        writer.Line($"/// <summary>∂C/∂W{_layer.Number}[{_layer.Units},{_layer.Inputs}] = Σₛ δ{_layer.Number}[s]·{(_layer.Number == 1 ? "x" : $"a{_layer.Number - 1}")}[s]ᵀ{(_layout.Bias ? $", ∂C/∂b{_layer.Number} = Σₛ δ{_layer.Number}[s]" : "")}, tile by tile into the sink, from the parameter first on.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {name}<TSink>(ref float x, ref float delta, int samples, ref float target, int first, ref TSink sink) {Names.SinkConstraint}"))
        {
            foreach (DotRun run in Runs)
                WriteRun(run, ownScope: Runs.Length == 1);
            if (_layout.Bias)
            {
                writer.Line($"ref float biases = {VectorSyntax.At("target", $"first + {_layout.BiasOffset}")};");
                writer.Line("BiasGradient(ref delta, samples, ref biases, ref sink);");
                writer.Line($"sink.Complete(ref biases, first + {_layout.BiasOffset}, {_layer.Layout.PaddedUnits});");
            }
        }
        foreach (GradientTile tile in Runs.SelectMany(Tiles).GroupBy(TileName).Select(same => same.First()))
            WriteGradientTile(tile);
        if (_layout.Bias)
            WriteBiasGradient();
    }

    private DotRun[] Runs => [.. DotRun.Of(_layout, PanelLayout.MaxVectors * PanelLayout.Alignment)];

    // Of a panel the vectors before the tail, and those of the tail.
    private IEnumerable<GradientTile> Tiles(DotRun run)
    {
        if (run.Width > 0)
            yield return new GradientTile(DotPlanner.GradientColumns(context.Width, _layout, run.Width / Lanes), run.RowWidth, Lanes);
        foreach ((_, int count) in run.HasTail ? _loops.Tail().Where(vector => vector.Count > 0) : [])
            yield return new GradientTile(Columns: 1, run.RowWidth, count);
    }

    // As many lanes of its last vector are kept, the others are padding.
    private sealed record GradientTile(int Columns, int RowWidth, int Kept);

    // Panels of two widths have tiles of their own each.
    private string TileName(GradientTile tile)
    {
        string of = _layout.Units > 1 && Runs.Select(run => run.RowWidth).Distinct().Count() > 1 ? $"Of{tile.RowWidth}" : "";
        return tile.Kept == Lanes ? $"WeightGradientOfUnits{tile.Columns * Lanes}{of}" : "WeightGradientOfUnitsTail";
    }

    private void WriteRun(DotRun run, bool ownScope)
    {
        using (_loops.Panels(run, ownScope))
        {
            writer.Line($"int offset = {VectorSyntax.Sum("first", _loops.Offset(run))};");
            writer.Line("ref float block = ref BpMem::Unsafe.Add(ref target, offset);");
            if (run.Width > 0)
            {
                GradientTile tile = Tiles(run).First();
                bool several = run.Width > tile.Columns * Lanes;
                if (several)
                    writer.Line($"for (int k = 0; k < {run.Width}; k += {tile.Columns * Lanes})");
                writer.Line($"{(several ? "    " : "")}{CallTile(tile, VectorSyntax.Sum(DotLoopEmitter.FirstInput(run), several ? "k" : "0"), several ? "k" : "0")}");
            }
            foreach ((int place, int count) in run.HasTail ? _loops.Tail() : [])
            {
                int at = run.RowWidth - PanelLayout.Alignment + place;
                if (count > 0)
                    writer.Line(CallTile(new GradientTile(Columns: 1, run.RowWidth, count), $"{_layout.TailInput + place}", $"{at}"));
                for (int u = 0; count == 0 && u < _layout.Units; u++)
                    writer.Line($"sink.Accept<{_vector.Wrapper}>(ref block, {u * run.RowWidth + at}, {_vector.Zero});");
            }
            writer.Line($"sink.Complete(ref block, offset, {_layout.Units * run.RowWidth});");
        }
    }

    private string CallTile(GradientTile tile, string x, string at) =>
        $"{TileName(tile)}({VectorSyntax.At("x", x)}, ref delta, samples, ref block, {at}, sink);";

    private void WriteGradientTile(GradientTile tile)
    {
        writer.Line();
        writer.Line($"// {_layout.Units} unit{(_layout.Units == 1 ? "" : "s")} × {tile.Columns * Lanes} inputs{(tile.Kept < Lanes ? $", the {(_layout.Padded ? "first" : "last")} {tile.Kept} of which are left" : "")}.");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void {TileName(tile)}<TSink>(ref float x, ref float delta, int samples, ref float block, int at, TSink sink) {Names.SinkConstraint}"))
        {
            var product = new TileProduct(
                _layout.Units, tile.Columns, TilePlanner.Splits(_layout.Units * tile.Columns, steps: null),
                new TileOperand("delta", Step: _layer.Stride, Row: 1), new TileOperand("x", Step: context.Plan.InputStride(_layer)), Steps: null);
            TileEmitter.Write(writer, _vector, product, initial: null);
            for (int u = 0; u < _layout.Units; u++)
            {
                for (int c = 0; c < tile.Columns; c++)
                {
                    string sum = TileEmitter.Accumulator(u, c);
                    writer.Line($"sink.Accept<{_vector.Wrapper}>(ref block, {VectorSyntax.Sum("at", $"{u * tile.RowWidth + c * Lanes}")}, {_loops.Keep(_vector, sum, tile.Kept)});");
                }
            }
        }
    }

    // Of one unit, the samples' δ are neighbours; of several, they are rows of whole vectors.
    private void WriteBiasGradient()
    {
        VectorSyntax units = context.Vector(_layer);
        writer.Line();
        writer.Line("// Σₛ δ[s].");
        writer.Line(Names.Kernel);
        using (writer.Block($"private static void BiasGradient<TSink>(ref float delta, int samples, ref float biases, ref TSink sink) {Names.SinkConstraint}"))
        {
            if (_layer.Stride == 1)
            {
                writer.Line($"var sum = {_vector.Wrapper}.Create(0f);");
                writer.Line($"for (int s = 0; s < samples; s += {Lanes})");
                writer.Line($"    sum += {_vector.Wrapper}.LoadFirst(ref delta, s, samples - s);");
                writer.Line($"sink.Accept<BpMath::Lanes128>(ref biases, 0, BpSimd::Vector128.CreateScalar({_vector.Wrapper}.SumAcross(sum)));");
                return;
            }
            int columns = _layer.Stride / units.Lanes;
            var product = new TileProduct(Rows: 1, columns, TilePlanner.Splits(columns, steps: null), Broadcast: null, new TileOperand("delta", Step: _layer.Stride), Steps: null);
            TileEmitter.Write(writer, units, product, initial: null);
            for (int c = 0; c < columns; c++)
                writer.Line($"sink.Accept<{units.Wrapper}>(ref biases, {c * units.Lanes}, {TileEmitter.Accumulator(0, c)});");
        }
    }
}
