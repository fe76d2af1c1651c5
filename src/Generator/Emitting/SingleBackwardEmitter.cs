using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// Writes a single sample's way back through a layer. One pass over its weights serves both products: a row of W gives an
/// element of Wᵀδ and, with a·δ, takes its gradient. Dot products along the rows are summed in registers, a vector's
/// worth of rows at a time, so that one butterfly turns them into a vector of δ.
/// </summary>
internal sealed class SingleBackwardEmitter(SourceWriter writer, KernelContext context)
{
    private readonly RegisterLayers _layers = new(context);
    private readonly SharedRowsEmitter _rows = new(writer, context);
    private readonly GradientBlockEmitter _blocks = new(writer, context);

    /// <summary>How the JIT is to compile the passes that take the gradient.</summary>
    public string Attribute => context.Schedule.One.InlinesStep ? Names.Inlined : Names.Kernel;

    /// <summary>The name of a layer's pass: layers of one shape share it.</summary>
    public string Name(LayerPlan layer)
    {
        if (layer.Number == 1)
            return "BackwardOne1";
        LayerPlan below = context.Plan.Layers[layer.Number - 2];
        return context.SharedName($"BackwardOne{layer.Number}", ("backward one", layer.Layout, layer.Dots, below.Layout.PaddedUnits, below.Activation));
    }

    /// <summary>Writes the pass over a layer's weights, or over the first layer's for δ alone: ∂C/∂x.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="below">The layer below; null where δ goes to the network's inputs.</param>
    /// <param name="accumulates">Whether the gradient is taken too.</param>
    public void Write(LayerPlan layer, string name, LayerPlan? below, bool accumulates)
    {
        if (!context.Begin(name))
            return;
        PanelGroup[] groups = [.. PanelGroup.Of(layer.Layout)];
        VectorSyntax vector = context.Vector(layer);
        bool shared = accumulates && context.Schedule.Layers[layer.Number - 1].RowsInVector > 1;
        VectorSyntax wide = shared ? _layers.Wide(layer) : vector;
        int block = wide.Lanes, whole = layer.Inputs / block * block;
        bool apart = accumulates && context.Schedule.Layers[layer.Number - 1].PropagatesRestApart;
        writer.Line();
        writer.Line(below is null
            ? $"/// <summary>One sample: ∂C/∂x[{layer.Inputs}] = W1[{layer.Inputs},{layer.Units}]·δ1.</summary>"
            : $"/// <summary>One sample: δ{below.Number}[{below.Units}] = W{layer.Number}[{layer.Inputs},{layer.Units}]·δ{layer.Number}{Names.TimesDerivative(below)}, and ∂C/∂W{layer.Number} = a{below.Number}·δ{layer.Number}ᵀ{(layer.Dense.Bias ? $", ∂C/∂b{layer.Number} = δ{layer.Number}" : "")}, from the parameter first on.{context.Likewise(layer, Name)}</summary>");
        writer.Line(accumulates ? Attribute : Names.Kernel);
        using (writer.Block(accumulates ? Accumulating(name) : $"private static void {name}(ref float parameters, ref float delta, ref float previous)"))
        {
            if (whole > 0)
            {
                using (whole == block ? writer.Block() : writer.Block($"for (int i = 0; i < {whole}; i += {block})"))
                {
                    WriteRows(block, whole == block ? "0" : "i");
                    if (whole > block || layer.Inputs > whole || below?.Layout.PaddedUnits > whole)
                    {
                        if (accumulates)
                            writer.Line($"a = {VectorSyntax.At("a", $"{block}")};");
                        writer.Line($"previous = {VectorSyntax.At("previous", $"{block}")};");
                    }
                }
            }
            if (layer.Inputs > whole)
            {
                if (apart)
                    writer.Line($"{name}Rest(ref parameters, ref a, ref delta, ref previous, ref target, first, ref sink);");
                else
                {
                    using (writer.Block())
                        WriteRows(layer.Inputs - whole, $"{whole}");
                }
            }
            for (int unit = (layer.Inputs + vector.Lanes - 1) / vector.Lanes * vector.Lanes; unit < below?.Layout.PaddedUnits; unit += vector.Lanes)
                writer.Line(vector.Store(vector.Zero, "previous", unit - whole));
            if (accumulates && layer.Dense.Bias)
            {
                foreach (PanelGroup group in groups)
                {
                    using (TileEmitter.PanelLoop(writer, group, groups: 2))
                    {
                        _blocks.WritePanelStart(layer, group, first: "first", row: layer.Inputs);
                        _blocks.WriteBias(layer, group, 0);
                    }
                }
            }
        }

        if (apart)
        {
            writer.Line();
            writer.Line($"// The same of the last {layer.Inputs - whole} rows: all in one method would be more than the JIT inlines.");
            writer.Line(Names.Kernel);
            using (writer.Block(Accumulating($"{name}Rest")))
                WriteRows(layer.Inputs - whole, $"{whole}");
        }

        static string Accumulating(string method) =>
            $"private static void {method}<TSink>(ref float parameters, ref float a, ref float delta, ref float previous, ref float target, int first, ref TSink sink) {Names.SinkConstraint}";

        // A block of rows, at most a vector's worth: their dot products with δ become one vector of δ below.
        void WriteRows(int rows, string first)
        {
            if (shared)
            {
                WriteSharedRows(rows, first);
                return;
            }
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

        // The same for rows that share vectors.
        void WriteSharedRows(int rows, string first)
        {
            WriteBlockStart(groups[0], first);
            writer.Line("ref float w = ref BpMem::Unsafe.Add(ref parameters, offset);");
            writer.Line($"{wide.Wrapper} dv = {_rows.SpreadDelta(layer, vector.Load("d", 0))};");
            VectorSyntax inputs = Shortest(rows);
            writer.Line($"var inputs = {inputs.Load("a", 0)};");
            for (int r = 0; r < rows; r += _layers.Rows(layer))
            {
                writer.Line($"{wide.Wrapper} a{r} = {_rows.Spread(layer, "inputs", inputs.Lanes, r)};");
                writer.Line($"var p{r / _layers.Rows(layer)} = BpKernels::BackwardRow.Multiply(ref w, ref block, {r * vector.Lanes}, a{r}, dv, ref sink);");
            }
            WriteResult(rows);
            WriteProducts(rows, first);
        }

        // The vector for δ below of a block of rows that share vectors: the shortest that holds it, as less than a whole block may be left in the buffer.
        VectorSyntax Shortest(int rows)
        {
            int lanes = TilePlanner.ShortestRow;
            while (lanes < rows)
                lanes *= 2;
            return context.Vector(lanes);
        }

        void WriteBlockStart(PanelGroup group, string row) =>
            _blocks.WritePanelStart(layer, group, VectorSyntax.Sum(accumulates ? "first" : "", row == "0" ? "" : $"{row} * {group.Width}"), row: 0, accumulates);

        // After the sums, not within: what a call leaves in vector registers is stored anew in every round of the loop before it.
        void WriteProducts(int rows, string first)
        {
            if (groups.Length == 1 && groups[0].Count == 1)
            {
                _blocks.WriteCompleteProduct(layer, groups[0], "a", rows);
                return;
            }
            using (writer.Block("if (!sink.TakesProductVectors)"))
            {
                foreach (PanelGroup group in groups)
                {
                    using (TileEmitter.PanelLoop(writer, group, groups.Length))
                    {
                        WriteBlockStart(group, first);
                        _blocks.WriteCompleteProduct(layer, group, "a", rows);
                    }
                }
            }
        }

        // A vector of every row.
        void WriteVectors(PanelGroup group, int rows, bool loops)
        {
            string w = loops ? "wc" : "w", block = loops ? "bc" : "block";
            writer.Line($"var dv = {vector.Wrapper}.Load(ref d, {(loops ? "column" : "0")});");
            if (loops)
                writer.Line("ref float wc = ref BpMem::Unsafe.Add(ref w, column);");
            if (loops && accumulates)
                writer.Line("ref float bc = ref BpMem::Unsafe.Add(ref block, column);");
            for (int r = 0; r < rows; r++)
            {
                writer.Line(accumulates
                    ? $"p{r} = BpKernels::BackwardRow.Add(p{r}, ref {w}, ref {block}, {r * group.Width}, ref a, {r}, dv, ref sink);"
                    : $"p{r} = {vector.Wrapper}.MultiplyAdd({vector.Wrapper}.Load(ref {w}, {r * group.Width}), dv, p{r});");
            }
        }

        void WriteResult(int rows)
        {
            // δ of a layer fills its row, whose padding is read too; a row of few units, and ∂C/∂x of few inputs, are shorter than a vector.
            bool shortens = vector.Lanes > 1 && (below?.Layout.PaddedUnits ?? rows) <= vector.Lanes / 2;
            VectorSyntax result = shared || shortens ? Shortest(rows) : vector;
            string sums = vector.Lanes == 1 ? "p0" : shared ? SharedSums(rows) : SumsOfEach(rows, result.Lanes);
            if (below is null)
            {
                writer.Line(rows == result.Lanes
                    ? $"{result.Wrapper}.Store({sums}, ref previous, 0);"
                    : $"{result.Wrapper}.StoreFirst({sums}, ref previous, 0, {rows});");
                return;
            }
            writer.Line($"var sums = {sums};");
            string factor = below.StoresDerivative ? $" * {result.Load("previous", 0)}"
                : below.Activation == Activation.Identity ? ""
                : $" * {result.Call($"{below.Activation}.DerivativeFromOutput", result.Load("a", 0))}";
            string value = $"sums{factor}";
            writer.Line(rows == result.Lanes
                ? result.Store(value, "previous", 0)
                : $"{result.Wrapper}.Store({result.Wrapper}.KeepFirst({value}, {rows}), ref previous, 0);");
        }

        string SumsOfEach(int rows, int lanes) => vector.SumEach([.. Enumerable.Range(0, lanes).Select(r => r < rows ? $"p{r}" : vector.Zero)]);

        string SharedSums(int rows)
        {
            string sums = $"BpMath::Transposition.SumFours({string.Join(", ", Enumerable.Range(0, vector.Lanes).Select(p => p < rows / _layers.Rows(layer) ? $"p{p}" : wide.Zero))})";
            return RegisterSyntax.Part(_rows.InOrder(layer, sums), wide.Lanes, Shortest(rows).Lanes, 0);
        }
    }
}
