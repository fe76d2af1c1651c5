using Backprop;
using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>The scratch memory of every entry point, for any network.</summary>
public class ScratchPlannerTests
{
    private const int StackBytes = 4 * 1024;

    [Fact]
    public void Buffers_are_aligned_and_apart() => ForEach((_, scratch) =>
    {
        int end = 0;
        foreach (BufferPlan buffer in scratch.Buffers)
        {
            Assert.InRange(buffer.Offset, end, end + PanelLayout.Alignment - 1);
            Assert.Equal(0, buffer.Offset % PanelLayout.Alignment);
            Assert.InRange(buffer.Length, (long)buffer.Rows * buffer.Stride, int.MaxValue);
            end = buffer.Offset + buffer.Length;
        }
        Assert.Equal(end, scratch.Length);
        Assert.Equal(scratch.Buffers.Count, scratch.Buffers.Select(buffer => buffer.Name).Distinct().Count());
    });

    /// <summary>With the floats that aligning it takes.</summary>
    [Fact]
    public void What_is_on_the_stack_is_bounded_and_the_rest_fits_the_pool() => ForEach((plan, scratch) =>
    {
        if (scratch.OnStack)
            Assert.InRange((scratch.Length + PanelLayout.Alignment) * sizeof(float), 0, StackBytes);
        else
            Assert.InRange(scratch.Length, 1, plan.PoolLength);
    });

    [Fact]
    public void Rows_hold_all_units_of_a_layer()
    {
        foreach (NetworkPlan plan in Plans())
        {
            foreach (ScratchPlan scratch in TileKernels(plan))
            {
                foreach (LayerPlan layer in plan.Layers)
                {
                    BufferPlan buffer = scratch[layer.IsOutput ? "z" : $"a{layer.Number}"];
                    Assert.InRange(buffer.Stride, layer.Layout.PaddedUnits, layer.Layout.PaddedUnits + PanelLayout.Alignment);
                }
            }
        }
    }

    /// <summary>The forward pass is one method for inference and training: it must find its buffers in the same places.</summary>
    [Fact]
    public void Training_begins_with_the_buffers_of_the_forward_pass()
    {
        foreach (NetworkPlan plan in Plans())
        {
            KernelScratch kernels = plan.Kernels;
            Assert.Equal(kernels.ForwardOne.Buffers, kernels.GradientOne.Buffers.Take(plan.Layers.Count));
            Assert.Equal(kernels.ForwardBatch.Buffers.Take(plan.Layers.Count), kernels.GradientBatch.Buffers.Take(plan.Layers.Count));
            if (kernels is { ForwardLanes: { } forward, GradientLanes: { } gradient })
                Assert.Equal(forward.Buffers, gradient.Buffers.Take(forward.Buffers.Count));
            Assert.Equal(kernels.GradientOne.Buffers, plan.BackwardOne.Buffers.SkipLast(1));
            Assert.Equal(plan.ParameterLength, plan.BackwardOne["gradient"].Stride);
        }
    }

    /// <summary>An entry point does not know which width's kernels will run.</summary>
    [Fact]
    public void An_entry_point_provides_what_any_of_its_kernels_needs()
    {
        foreach (NetworkPlan plan in Plans())
        {
            Assert.Equal(Math.Max(plan.Kernels.ForwardBatch.Length, plan.Kernels.ForwardLanes?.Length ?? 0), plan.ForwardBatch.Length);
            Assert.Equal(Math.Max(plan.Kernels.GradientBatch.Length, plan.Kernels.GradientLanes?.Length ?? 0), plan.GradientBatch.Length);
            Assert.Equal(plan.GradientBatch.Length, plan.BackwardBatch["gradient"].Offset);
            Assert.Equal(plan.Widths.Any(width => width.BatchInLanes), plan.Kernels.GradientLanes is not null);
        }
    }

    [Fact]
    public void Slices_are_the_batch_that_was_asked_for_unless_that_is_huge()
    {
        foreach (NetworkPlan plan in Plans())
            Assert.InRange(plan.SliceSize, Math.Min(plan.Spec.BatchSize, 64), plan.Spec.BatchSize);
        NetworkPlan huge = NetworkPlanner.Plan(Specs.Named["a huge batch"]);
        Assert.InRange(huge.GradientBatch.Length * (long)sizeof(float), 1, 128L << 20);
    }

    private static IEnumerable<NetworkPlan> Plans() => Specs.All.Select(NetworkPlanner.Plan);

    private static ScratchPlan[] TileKernels(NetworkPlan plan) =>
        [plan.Kernels.ForwardOne, plan.Kernels.GradientOne, plan.Kernels.ForwardBatch, plan.Kernels.GradientBatch];

    private static void ForEach(Action<NetworkPlan, ScratchPlan> check)
    {
        foreach (NetworkPlan plan in Plans())
        {
            ScratchPlan[] lanes = plan.Kernels is { ForwardLanes: { } forward, GradientLanes: { } gradient } ? [forward, gradient] : [];
            foreach (ScratchPlan scratch in (ScratchPlan[])[.. TileKernels(plan), .. lanes, plan.ForwardBatch, plan.GradientBatch, plan.BackwardOne, plan.BackwardBatch])
                check(plan, scratch);
        }
    }
}
