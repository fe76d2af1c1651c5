using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Backprop.Sample.Views;

/// <summary>What a line is about.</summary>
internal enum Tone
{
    /// <summary>Nothing in particular.</summary>
    Plain,

    /// <summary>A promise kept.</summary>
    Good,

    /// <summary>A promise missed.</summary>
    Bad,

    /// <summary>A remark.</summary>
    Quiet,
}

/// <summary>
/// Where views show things: a terminal with colours and live tables, or plain text where the output is redirected, in
/// continuous integration, or on a terminal that cannot do more.
/// </summary>
internal sealed class Screen
{
    private Screen(IAnsiConsole console, bool live) => (Console, IsLive) = (console, live);

    /// <summary>Spectre's side of the screen.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Whether what has been shown can be drawn over, in colour.</summary>
    public bool IsLive { get; }

    /// <summary>The screen that fits where the program runs.</summary>
    public static Screen Detect()
    {
        if (!System.Console.IsOutputRedirected)
            System.Console.OutputEncoding = Encoding.UTF8;
        bool mayBeLive = !System.Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = mayBeLive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = mayBeLive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = mayBeLive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!mayBeLive)
            console.Profile.Width = 120;
        return new Screen(console, mayBeLive && console.Profile.Capabilities is { Ansi: true, Interactive: true });
    }

    /// <summary>Begins a section.</summary>
    /// <param name="text">What it is called.</param>
    public void Title(string text)
    {
        Console.WriteLine();
        if (IsLive)
            Console.Write(new Rule($"[bold]{Markup.Escape(text)}[/]") { Justification = Justify.Left, Style = new Style(Color.Grey) });
        else
            Console.WriteLine($"== {text}");
    }

    /// <summary>Shows a line; numbers in it are written in the invariant culture.</summary>
    /// <param name="text">The line.</param>
    /// <param name="tone">What it is about.</param>
    public void Line(FormattableString text, Tone tone = Tone.Plain) => Line(text.ToString(CultureInfo.InvariantCulture), tone);

    /// <summary>Shows a line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="tone">What it is about.</param>
    public void Line(string text, Tone tone = Tone.Plain)
    {
        // A long line is left to the terminal or the reader's pager where it cannot be wrapped to a known width.
        if (IsLive)
            Console.Write(new Text(text + "\n", StyleOf(tone)));
        else
            System.Console.Out.WriteLine(text);
    }

    /// <summary>Shows a table, or anything else that Spectre can draw.</summary>
    /// <param name="what">What to draw.</param>
    public void Draw(IRenderable what) => Console.Write(what);

    /// <summary>A table with borders that the screen can show.</summary>
    /// <param name="columns">The columns' names; all but the first are aligned to the right.</param>
    public Table Table(params IEnumerable<string> columns)
    {
        var table = new Table { Border = IsLive ? TableBorder.Rounded : TableBorder.Ascii, BorderStyle = new Style(Color.Grey) };
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = table.Columns.Count == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        return table;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green, decoration: Decoration.Bold),
        Tone.Bad => new Style(Color.Red, decoration: Decoration.Bold),
        Tone.Quiet => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
