using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>Writes the loops over the inputs of a layer that lies along them: over panels, and in a panel over a few vectors at a time.</summary>
internal sealed class DotLoopEmitter(SourceWriter writer, DotLayout layout, int lanes)
{
    /// <summary>What is done with some vectors of inputs, the first of which lies <c>step + first</c> floats after a panel's beginning.</summary>
    /// <param name="w">The reference to the weights of a panel, or to what lies as they do: of the step, or of a block for the sink.</param>
    /// <param name="x">The reference to the inputs of the step.</param>
    /// <param name="step">The variable of a loop over steps; nothing outside of one.</param>
    /// <param name="first">Floats from the step to the first of the vectors.</param>
    /// <param name="vectors">The number of vectors.</param>
    public delegate void Body(string w, string x, string step, int first, int vectors);

    /// <summary>Writes a run of panels.</summary>
    /// <param name="run">The run.</param>
    /// <param name="weights">The reference to the layer's weights, or to what lies as they do.</param>
    /// <param name="ownScope">Whether there is nothing else in its scope.</param>
    /// <param name="most">The most vectors of a loop's body.</param>
    /// <param name="body">Writes the work on some vectors.</param>
    /// <param name="end">Writes the end of a panel that is a block for the sink, given the reference to it, which the work then has too; or null.</param>
    /// <param name="readsInputs">Whether the work reads inputs from memory.</param>
    public void Write(DotRun run, string weights, bool ownScope, int most, Body body, Action<string>? end = null, bool readsInputs = true)
    {
        using (Panels(run, ownScope))
        {
            string offset = Offset(run);
            if (end is not null)
            {
                writer.Line($"int offset = {offset};");
                offset = "offset";
            }
            writer.Line($"ref float w = {VectorSyntax.At(weights, offset)};");
            if (readsInputs)
                writer.Line($"ref float xp = {VectorSyntax.At("x", FirstInput(run))};");
            int vectors = run.Width / lanes, looped = vectors / most * most;
            if (looped > most)
            {
                using (writer.Block($"for (int k = 0; k < {looped * lanes}; k += {most * lanes})"))
                {
                    if (end is null)
                        writer.Line("ref float wk = ref BpMem::Unsafe.Add(ref w, k);");
                    writer.Line("ref float xk = ref BpMem::Unsafe.Add(ref xp, k);");
                    body(end is null ? "wk" : "w", "xk", "k", 0, most);
                }
            }
            else
                looped = 0;
            if (vectors > looped)
                body("w", "xp", "", looped * lanes, vectors - looped);
            end?.Invoke("w");
        }
    }

    /// <summary>Writes the loop over the panels of a run. A single panel needs no loop, and a scope only beside others.</summary>
    public SourceWriter.Scope? Panels(DotRun run, bool ownScope) =>
        run.Panels > 1 ? writer.Block($"for (int panel = 0; panel < {run.Panels}; panel++)") : ownScope ? null : writer.Block();

    /// <summary>Where a panel's weights begin, in that loop.</summary>
    public string Offset(DotRun run) => Place(run, run.Offset, layout.Units * run.RowWidth);

    /// <summary>The first input of a panel, in that loop.</summary>
    public static string FirstInput(DotRun run) => Place(run, run.FirstInput, run.Width);

    private static string Place(DotRun run, int first, int step) =>
        run.Panels == 1 ? $"{first}" : VectorSyntax.Sum(first == 0 ? "" : $"{first}", $"panel * {step}");

    /// <summary>The vectors of a row's last 16 floats where these are the tail's: the place of each among them, and how many of its lanes hold inputs.</summary>
    public IEnumerable<(int Place, int Count)> Tail()
    {
        for (int place = 0; layout.Tail > 0 && place < PanelLayout.Alignment; place += lanes)
        {
            int inputs = layout.Padded ? layout.Tail - place : place + lanes - (PanelLayout.Alignment - layout.Tail);
            yield return (place, Math.Max(0, Math.Min(lanes, inputs)));
        }
    }

    /// <summary>Those lanes of a vector, the others 0; what their weights of 0 would leave is NaN where a neighbour's input is infinite.</summary>
    /// <param name="vector">How vectors are written.</param>
    /// <param name="value">The vector.</param>
    /// <param name="count">The number of lanes.</param>
    public string Keep(VectorSyntax vector, string value, int count) =>
        count == lanes ? value : $"({vector.Type}){vector.Wrapper}.Keep{(layout.Padded ? "First" : "Last")}({value}, {count})";
}
