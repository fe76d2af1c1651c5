using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes the backward pass of a single sample. One pass over a layer's weights serves both products: a row of W gives an
/// element of Wᵀδ and, with a·δ, takes its gradient. Dot products along the rows are summed in registers, a vector's
/// worth of rows at a time, so that one butterfly turns them into a vector of δ.
/// </summary>
internal sealed class SingleGradientEmitter(SourceWriter writer, KernelContext context, SingleForwardEmitter forward, OutputEmitter output)
{
    private string Attribute => context.Schedule.InlinesOne ? Names.Inlined : Names.Kernel;

    public void Write()
    {
        if (!context.Schedule.OneInRegisters)
        {
            WriteGradientOne();
            WriteFirst(context.Plan.Layers[0]);
            foreach (LayerPlan layer in context.Plan.Layers.Skip(1))
                WriteBackward(layer, BackwardName(layer), context.Plan.Layers[layer.Number - 2], accumulates: true);
        }
        WriteBackward(context.Plan.Layers[0], "InputGradientOne", below: null, accumulates: false);
    }

    // Layers of one shape share the pass.
    private string BackwardName(LayerPlan layer)
    {
        if (layer.Number == 1)
            return "BackwardOne1";
        LayerPlan below = context.Plan.Layers[layer.Number - 2];
        return context.SharedName($"BackwardOne{layer.Number}", ("backward one", layer.Layout, below.Layout.PaddedUnits, below.Activation));
    }

    private void WriteGradientOne()
    {
        ScratchPlan scratch = context.Plan.Kernels.GradientOne;
        LayerPlan last = context.Plan.Output;
        VectorSyntax vector = context.Vector(last);
        writer.Line();
        writer.Line("/// <summary>One sample: its loss, still to be multiplied by scale, its gradient into the sink, and that by the inputs where dx is not null.</summary>");
        writer.Line(Names.Kernel);
        using (writer.Block(KernelSignature.GradientOne.Declare("internal static")))
        {
            forward.WriteUpToOutput(training: true);
            writer.Line($"ref float z = {VectorSyntax.At("scratch", $"{scratch["z"].Offset}")};");
            if (forward.RowInRegisters)
            {
                writer.Line($"{vector.Wrapper} loss = {vector.Wrapper}.Create(0f);");
                output.WriteRegisters(OutputResult.Delta, delta: "z");
            }
            else
                writer.Line($"float loss = OutputDelta(ref z, ref t, 1, {output.ScaleOfOne});");

            string delta = "z";
            foreach (LayerPlan layer in context.Plan.Layers.Reverse())
            {
                if (layer.Number == 1)
                {
                    writer.Line("if (!BpMem::Unsafe.IsNullRef(ref dx))");
                    writer.Line($"    InputGradientOne(ref parameters, ref {delta}, ref dx);");
                    writer.Line($"BackwardOne1(ref x, ref {delta}, ref target, ref sink);");
                    continue;
                }
                LayerPlan below = context.Plan.Layers[layer.Number - 2];
                string a = $"a{below.Number}", propagated = $"delta{below.Number}";
                writer.Line($"ref float {a} = {VectorSyntax.At("scratch", $"{scratch[a].Offset}")};");
                writer.Line($"ref float {propagated} = {VectorSyntax.At("scratch", $"{scratch[propagated].Offset}")};");
                writer.Line($"{BackwardName(layer)}(ref parameters, ref {a}, ref {delta}, ref {propagated}, ref target, {layer.Offset}, ref sink);");
                delta = propagated;
            }
            writer.Line(forward.RowInRegisters ? $"return {vector.Wrapper}.SumAcross(loss);" : "return loss;");
        }
    }

    // The first layer has no δ to pass on: ∂C/∂W = x·δᵀ only. Its last panel comes first, so that the panel which the next forward
    // pass begins with is still in the cache (measured, 256 bits: steps of 784-128-10 10.4 → 9.9 µs, of 784-512-256-10 66.5 → 65.6;
    // rows from the last to the first as well cost the latter 4 µs, since memory is fetched ahead less well backwards).
    private void WriteFirst(LayerPlan layer)
    {
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout).Reverse()];
        writer.Line();
        writer.Line($"/// <summary>One sample: ∂C/∂W1 = x·δ1ᵀ{(layer.Dense.Bias ? ", ∂C/∂b1 = δ1" : "")}{(layer.Layout.Panels > 1 ? "; the panel that the next forward pass begins with comes last" : "")}.</summary>");
        writer.Line(Attribute);
        using (writer.Block($"private static void BackwardOne1<TSink>(ref float x, ref float delta, ref float target, ref TSink sink) {Names.SinkConstraint}"))
        {
            foreach (PanelGroup group in groups)
            {
                using (group.Count > 1 ? writer.Block($"for (int panel = {group.Count - 1}; panel >= 0; panel--)") : TileEmitter.PanelLoop(writer, group, groups.Length))
                {
                    WritePanelStart(layer, group, first: "", row: 0);
                    if (layer.Dense.Bias)
                        WriteBias(layer, group, layer.Inputs * group.Width);
                    using (writer.Block("if (sink.TakesProductVectors)"))
                        WriteFirstRows(group, context.RowTile(layer.Layout, group), layer.Inputs);
                    WriteCompleteProduct(layer, group, "x", layer.Inputs);
                }
            }
        }
    }

    // A panel's rows, a few at a time.
    private void WriteFirstRows(PanelGroup group, TilePlan tile, int rows)
    {
        VectorSyntax vector = context.Vector(tile.Lanes);
        bool columns = group.Width != tile.Width;
        int step = Math.Min(rows, TilePlanner.OuterProductRows(tile)), looped = rows / step * step;
        if (!columns)
            WriteDeltas(tile, column: "");
        bool loops = looped > step;
        using (loops ? writer.Block($"for (int row = 0; row < {looped}; row += {step})") : rows > step ? writer.Block() : (SourceWriter.Scope?)null)
            WriteStep(loops ? "row" : "0", step);
        if (rows > looped)
        {
            using (writer.Block())
                WriteStep($"{looped}", rows - looped);
        }

        // The columns' δ are read before where one tile covers the panel, else for each tile.
        void WriteStep(string first, int count)
        {
            writer.Line($"ref float a = {VectorSyntax.At("x", first)};");
            writer.Line($"ref float rows = {VectorSyntax.At("block", int.TryParse(first, out int row) ? $"{row * group.Width}" : $"{first} * {group.Width}")};");
            for (int r = 0; r < count; r++)
                writer.Line($"var a{r} = {vector.Wrapper}.Create({VectorSyntax.Element("a", r)});");
            using (TileEmitter.ColumnLoop(writer, group, tile.Width))
            {
                if (columns)
                {
                    WriteDeltas(tile, "column");
                    writer.Line("ref float tile = ref BpMem::Unsafe.Add(ref rows, column);");
                }
                for (int r = 0; r < count; r++)
                {
                    for (int c = 0; c < tile.Columns; c++)
                        writer.Line($"sink.AcceptProduct(ref {(columns ? "tile" : "rows")}, {r * group.Width + c * vector.Lanes}, a{r}, d{c});");
                }
            }
        }
    }

    private void WriteCompleteProduct(LayerPlan layer, PanelGroup group, string a, int rows) =>
        writer.Line($"sink.CompleteProduct<{context.Vector(layer).Wrapper}>(ref block, offset, ref {a}, {rows}, ref d, {group.Width});");

    private void WriteDeltas(TilePlan tile, string column)
    {
        VectorSyntax vector = context.Vector(tile.Lanes);
        for (int c = 0; c < tile.Columns; c++)
        {
            string at = column == "" ? $"{c * vector.Lanes}" : c == 0 ? column : $"{column} + {c * vector.Lanes}";
            writer.Line($"var d{c} = sink.Scale({vector.Wrapper}.Load(ref d, {at}));");
        }
    }

    // A panel's part of δ, and the place of one of its rows in the buffer that takes the gradient.
    private void WritePanelStart(LayerPlan layer, PanelGroup group, string first, int row, bool accumulates = true)
    {
        writer.Line($"int offset = {VectorSyntax.Sum(first, TileEmitter.Offset(group, group.Offset + row * group.Width, layer.Layout.Rows * group.Width, column: false))};");
        if (accumulates)
            writer.Line("ref float block = ref BpMem::Unsafe.Add(ref target, offset);");
        writer.Line($"ref float d = {VectorSyntax.At("delta", TileEmitter.Offset(group, group.FirstUnit, group.Width, column: false))};");
    }

    // ∂C/∂b = δ, in the row that lies some floats after the panel's start.
    private void WriteBias(LayerPlan layer, PanelGroup group, int place)
    {
        VectorSyntax vector = context.Vector(layer);
        string biases = place == 0 ? "block" : "biases";
        if (place > 0)
            writer.Line($"ref float biases = {VectorSyntax.At("block", $"{place}")};");
        if (group.Width == vector.Lanes)
            writer.Line($"sink.Accept(ref {biases}, 0, {vector.Wrapper}.Load(ref d, 0));");
        else
        {
            writer.Line($"for (int unit = 0; unit < {group.Width}; unit += {vector.Lanes})");
            writer.Line($"    sink.Accept(ref {biases}, unit, {vector.Wrapper}.Load(ref d, unit));");
        }
        writer.Line($"sink.Complete(ref {biases}, {VectorSyntax.Sum("offset", $"{place}")}, {group.Width});");
    }

    private void WriteBackward(LayerPlan layer, string name, LayerPlan? below, bool accumulates)
    {
        if (!context.Begin(name))
            return;
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout)];
        VectorSyntax vector = context.Vector(layer);
        int whole = layer.Inputs / vector.Lanes * vector.Lanes;
        string derivative = below is null || below.Activation == Activation.Identity ? ""
            : below.StoresDerivative ? $" ∘ φ′(z{below.Number})"
            : $" ∘ {Names.Formula(below.Activation)}′(a{below.Number})";
        writer.Line();
        writer.Line(below is null
            ? $"/// <summary>One sample: ∂C/∂x[{layer.Inputs}] = W1[{layer.Inputs},{layer.Units}]·δ1.</summary>"
            : $"/// <summary>One sample: δ{below.Number}[{below.Units}] = W{layer.Number}[{layer.Inputs},{layer.Units}]·δ{layer.Number}{derivative}, and ∂C/∂W{layer.Number} = a{below.Number}·δ{layer.Number}ᵀ{(layer.Dense.Bias ? $", ∂C/∂b{layer.Number} = δ{layer.Number}" : "")}, from the parameter first on.{context.Likewise(layer, BackwardName)}</summary>");
        writer.Line(accumulates ? Attribute : Names.Kernel);
        using (writer.Block(accumulates
            ? $"private static void {name}<TSink>(ref float parameters, ref float a, ref float delta, ref float previous, ref float target, int first, ref TSink sink) {Names.SinkConstraint}"
            : $"private static void {name}(ref float parameters, ref float delta, ref float previous)"))
        {
            if (whole > 0)
            {
                using (whole == vector.Lanes ? writer.Block() : writer.Block($"for (int i = 0; i < {whole}; i += {vector.Lanes})"))
                {
                    WriteRows(vector.Lanes, whole == vector.Lanes ? "0" : "i");
                    if (whole > vector.Lanes || layer.Inputs > whole || below?.Layout.PaddedUnits > whole)
                    {
                        if (accumulates)
                            writer.Line($"a = {VectorSyntax.At("a", $"{vector.Lanes}")};");
                        writer.Line($"previous = {VectorSyntax.At("previous", $"{vector.Lanes}")};");
                    }
                }
            }
            if (layer.Inputs > whole)
            {
                using (writer.Block())
                    WriteRows(layer.Inputs - whole, $"{whole}");
            }
            for (int unit = (layer.Inputs + vector.Lanes - 1) / vector.Lanes * vector.Lanes; unit < below?.Layout.PaddedUnits; unit += vector.Lanes)
                writer.Line(vector.Store(vector.Zero, "previous", unit - whole));
            if (accumulates && layer.Dense.Bias)
            {
                foreach (PanelGroup group in groups)
                {
                    using (TileEmitter.PanelLoop(writer, group, groups: 2))
                    {
                        WritePanelStart(layer, group, first: "first", row: layer.Inputs);
                        WriteBias(layer, group, 0);
                    }
                }
            }
        }

        // A block of rows, at most a vector's worth: their dot products with δ become one vector of δ below.
        void WriteRows(int rows, string first)
        {
            const int sumsInLine = 8;
            for (int r = 0; r < rows; r += sumsInLine)
                writer.Line($"{vector.Wrapper} {string.Join(", ", Enumerable.Range(r, Math.Min(sumsInLine, rows - r)).Select(sum => $"p{sum} = default"))};");
            foreach (PanelGroup group in groups)
            {
                bool loops = group.Width != vector.Lanes;
                using (TileEmitter.PanelLoop(writer, group, groups.Length))
                {
                    WriteBlockStart(group, first);
                    writer.Line("ref float w = ref BpMem::Unsafe.Add(ref parameters, offset);");
                    using (loops ? (SourceWriter.Scope?)writer.Block($"for (int column = 0; column < {group.Width}; column += {vector.Lanes})") : null)
                        WriteVectors(group, rows, loops);
                }
            }
            WriteResult(rows);
            if (accumulates)
                WriteProducts(rows, first);
        }

        void WriteBlockStart(PanelGroup group, string row) =>
            WritePanelStart(layer, group, VectorSyntax.Sum(accumulates ? "first" : "", row == "0" ? "" : $"{row} * {group.Width}"), row: 0, accumulates);

        // After the sums, not within: what a call leaves in vector registers is stored anew in every round of the loop before it.
        void WriteProducts(int rows, string first)
        {
            if (groups.Length == 1 && groups[0].Count == 1)
            {
                WriteCompleteProduct(layer, groups[0], "a", rows);
                return;
            }
            using (writer.Block("if (!sink.TakesProductVectors)"))
            {
                foreach (PanelGroup group in groups)
                {
                    using (TileEmitter.PanelLoop(writer, group, groups.Length))
                    {
                        WriteBlockStart(group, first);
                        WriteCompleteProduct(layer, group, "a", rows);
                    }
                }
            }
        }

        // A vector of every row.
        void WriteVectors(PanelGroup group, int rows, bool loops)
        {
            string w = loops ? "wc" : "w", block = loops ? "bc" : "block";
            writer.Line($"var dv = {vector.Wrapper}.Load(ref d, {(loops ? "column" : "0")});");
            if (accumulates)
                writer.Line("var scaled = sink.Scale(dv);");
            if (loops)
                writer.Line("ref float wc = ref BpMem::Unsafe.Add(ref w, column);");
            if (loops && accumulates)
                writer.Line("ref float bc = ref BpMem::Unsafe.Add(ref block, column);");
            for (int r = 0; r < rows; r++)
            {
                writer.Line(accumulates
                    ? $"p{r} = BpKernels::BackwardRow.Add(p{r}, ref {w}, ref {block}, {r * group.Width}, ref a, {r}, dv, scaled, ref sink);"
                    : $"p{r} = {vector.Wrapper}.MultiplyAdd({vector.Wrapper}.Load(ref {w}, {r * group.Width}), dv, p{r});");
            }
        }

        void WriteResult(int rows)
        {
            string sums = vector.Lanes == 1 ? "p0"
                : $"BpMath::Transposition.SumEach({string.Join(", ", Enumerable.Range(0, vector.Lanes).Select(r => r < rows ? $"p{r}" : vector.Zero))})";
            if (below is null)
            {
                writer.Line(rows == vector.Lanes
                    ? $"{vector.Wrapper}.Store({sums}, ref previous, 0);"
                    : $"{vector.Wrapper}.StoreFirst({sums}, ref previous, 0, {rows});");
                return;
            }
            writer.Line($"var sums = {sums};");
            string factor = below.StoresDerivative ? $" * {vector.Load("previous", 0)}"
                : below.Activation == Activation.Identity ? ""
                : $" * {vector.Call($"{below.Activation}.DerivativeFromOutput", vector.Load("a", 0))}";
            string result = $"sums{factor}";
            writer.Line(rows == vector.Lanes
                ? vector.Store(result, "previous", 0)
                : $"{vector.Wrapper}.Store({vector.Wrapper}.KeepFirst({result}, {rows}), ref previous, 0);");
        }
    }
}
