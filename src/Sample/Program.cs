using System.CommandLine;
using Backprop;
using Backprop.Sample;
using Backprop.Sample.Demos;
using Backprop.Sample.Views;

const int Cancelled = 130;

var epochs = new Option<int?>("--epochs") { Description = "How many times to go through the training set", Recursive = true };
var seed = new Option<int>("--seed") { Description = "The seed of initial parameters, split and order", DefaultValueFactory = _ => 1, Recursive = true };
var quick = new Option<bool>("--quick") { Description = "Train for a few epochs only; no accuracy is promised", Recursive = true };
epochs.Validators.Add(result =>
{
    // What is no number at all is reported by the parser itself.
    if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out int number) && number < 1)
        result.AddError($"--epochs is 1 or more; {number} was given");
});

var root = new RootCommand("Trains networks whose code was generated at compile time. Without a command: digits.") { epochs, seed, quick };
Bind(root, Demo.All[0]);
foreach (Demo demo in Demo.All)
{
    var command = new Command(demo.Name, $"Learns {demo.Description}");
    Bind(command, demo);
    root.Subcommands.Add(command);
}
return await root.Parse(args).InvokeAsync();

// The run has a thread of its own, so that Ctrl+C reaches the training as a cancellation and the terminal is left in order.
void Bind(Command command, Demo demo) => command.SetAction((line, cancellation) => Task.Run(() =>
{
    Screen screen = Screen.Detect();
    try
    {
        return demo.Run(new RunOptions(line.GetValue(epochs), line.GetValue(seed), line.GetValue(quick)), screen, cancellation);
    }
    catch (OperationCanceledException)
    {
        screen.Line("stopped", Tone.Quiet);
        return Cancelled;
    }
    catch (TrainingDivergedException e)
    {
        screen.Line(e.Message, Tone.Bad);
        return 1;
    }
}, CancellationToken.None));
