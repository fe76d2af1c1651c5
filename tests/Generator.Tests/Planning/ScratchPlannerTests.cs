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
    public void What_is_on_the_stack_is_bounded_and_the_rest_fits_the_pool()
    {
        foreach (NetworkPlan plan in Plans())
        {
            foreach (ScratchPlan scratch in EntryPoints(plan))
            {
                if (scratch.OnStack)
                    Assert.InRange((scratch.Length + PanelLayout.Alignment) * sizeof(float), 0, StackBytes);
                else
                    Assert.InRange(scratch.Length, 1, plan.PoolLength);
            }
        }
    }

    [Fact]
    public void Rows_hold_all_units_of_a_layer()
    {
        foreach (NetworkPlan plan in Plans())
        {
            foreach (ScratchPlan scratch in (ScratchPlan[])[plan.Kernels.ForwardOne, plan.Kernels.GradientOne, plan.Kernels.ForwardBatch, plan.Kernels.GradientBatch])
            {
                foreach (LayerPlan layer in plan.Layers)
                    Assert.InRange(scratch[layer.IsOutput ? "z" : $"a{layer.Number}"].Stride, layer.Layout.PaddedUnits, layer.Layout.PaddedUnits + PanelLayout.Alignment);
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
            Assert.Equal(kernels.ForwardLanes is null, kernels.GradientLanes is null);
            if (kernels.ForwardLanes is { } forward)
                Assert.Equal(forward.Buffers, kernels.GradientLanes!.Buffers.Take(forward.Buffers.Count));
        }
    }

    /// <summary>An entry point provides what any of the kernels that it may call needs.</summary>
    [Fact]
    public void Entry_points_provide_for_their_kernels()
    {
        foreach (NetworkPlan plan in Plans())
        {
            KernelScratch kernels = plan.Kernels;
            Assert.InRange(plan.ForwardBatch.Length, Math.Max(kernels.ForwardBatch.Length, kernels.ForwardLanes?.Length ?? 0), int.MaxValue);
            Assert.InRange(plan.GradientBatch.Length, Math.Max(kernels.GradientBatch.Length, kernels.GradientLanes?.Length ?? 0), int.MaxValue);
            Assert.InRange(plan.BackwardOne["gradient"].Offset, kernels.GradientOne.Length, int.MaxValue);
            Assert.InRange(plan.BackwardBatch["gradient"].Offset, plan.GradientBatch.Length, int.MaxValue);
            Assert.All([plan.BackwardOne, plan.BackwardBatch], scratch => Assert.InRange(scratch["gradient"].Length, plan.ParameterLength, int.MaxValue));
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

    /// <summary>A slice is halved until its activations and δs are within 16 M floats, and no further.</summary>
    [Fact]
    public void Slices_are_as_long_as_their_bound_allows()
    {
        NetworkPlan plan = NetworkPlanner.Plan(new NetworkSpec(4, [new DenseSpec(30_000, Activation.ReLU), new DenseSpec(1, Activation.Identity)]) { BatchSize = 512 });
        long perSample = plan.Layers.Sum(layer => 2L * layer.Stride);
        Assert.InRange(plan.SliceSize * perSample, 8L << 20, 16L << 20);
    }

    /// <summary>The buffer of transposed weights serves every layer that δ is propagated through.</summary>
    [Fact]
    public void The_transposed_panel_of_every_layer_fits()
    {
        foreach (NetworkPlan plan in Plans().Where(plan => plan.Layers.Count > 1))
        {
            BufferPlan transposed = plan.Kernels.GradientBatch["transposed"];
            Assert.All(plan.Layers.Skip(1), layer => Assert.InRange(transposed.Length, layer.Units * layer.InputPanels.Width(0), int.MaxValue));
        }
    }

    private static IEnumerable<NetworkPlan> Plans() => Specs.All.Select(NetworkPlanner.Plan);

    private static ScratchPlan[] EntryPoints(NetworkPlan plan) =>
        [plan.Kernels.ForwardOne, plan.Kernels.GradientOne, plan.ForwardBatch, plan.GradientBatch, plan.BackwardOne, plan.BackwardBatch];

    private static void ForEach(Action<NetworkPlan, ScratchPlan> check)
    {
        foreach (NetworkPlan plan in Plans())
        {
            ScratchPlan?[] kernels = [plan.Kernels.ForwardBatch, plan.Kernels.GradientBatch, plan.Kernels.ForwardLanes, plan.Kernels.GradientLanes];
            foreach (ScratchPlan scratch in EntryPoints(plan).Concat(kernels.OfType<ScratchPlan>()))
                check(plan, scratch);
        }
    }
}
