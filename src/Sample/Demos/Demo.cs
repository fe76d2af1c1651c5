using Backprop.Sample.Views;

namespace Backprop.Sample.Demos;

/// <summary>One thing that the sample can show; a subcommand.</summary>
internal abstract class Demo
{
    /// <summary>All demonstrations; the first is the one that runs when none is asked for.</summary>
    public static IReadOnlyList<Demo> All { get; } = [DigitsDemo.Create(), MnistDemo.Create(), IrisDemo.Create(), XorDemo.Create()];

    /// <summary>The subcommand.</summary>
    public required string Name { get; init; }

    /// <summary>What the network learns, in one sentence without a full stop.</summary>
    public required string Description { get; init; }

    /// <summary>Trains and shows what came of it.</summary>
    /// <param name="options">What the command line asks for.</param>
    /// <param name="screen">Where to show it.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The exit code: 0, or 1 where the promised accuracy was missed.</returns>
    public abstract int Run(RunOptions options, Screen screen, CancellationToken cancellation);
}
