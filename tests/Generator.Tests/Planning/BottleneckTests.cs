using Backprop;
using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>What a file's head says that bounds each product.</summary>
public class BottleneckTests
{
    [Theory]
    [InlineData("2 2 1", "latency, from input to output")]
    [InlineData("64 32 10", "the load ports, 192 loads for 128 multiply-adds")]
    [InlineData("128 32 10", "the load ports, 320 loads for 256 multiply-adds")] // two inputs with each load
    [InlineData("784 128 10", "reading 393 KiB of weights from the L2 cache")]
    [InlineData("784 512 256 10", "reading 1570 KiB of weights from the L3 cache")]
    [InlineData("600 10", "the load ports, 418 loads for 380 multiply-adds")] // along the inputs
    [InlineData("784 1", "the load ports, 98 loads for 49 multiply-adds")]
    [InlineData("784 10", "reading 31 KiB of weights from the L2 cache")]
    [InlineData("4096 4096 10", "reading 65552 KiB of weights from memory")]
    public void One_sample(string sizes, string expected)
    {
        int[] units = [.. sizes.Split(' ').Select(int.Parse)];
        NetworkPlan plan = NetworkPlanner.Plan(new NetworkSpec(units[0], [.. units.Skip(1).Select(count => new DenseSpec(count, Activation.Tanh))]));
        Assert.Equal(expected, Bottleneck.OfOne(plan, plan.Layers[0], plan.Widths[0].Layers[0], plan.Widths[0].Width));
    }

    [Theory]
    [InlineData(4, 6, "the multiply-add units, 24 multiply-adds for 4 vector and 6 scalar loads")]
    [InlineData(1, 16, "the load ports, 16 multiply-adds for 1 vector and 16 scalar loads")]
    public void Batch(int columns, int rows, string expected) =>
        Assert.Equal(expected, Bottleneck.OfBatch(columns, rows));
}
