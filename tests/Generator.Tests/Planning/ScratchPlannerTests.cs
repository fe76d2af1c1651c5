using Backprop;
using Backprop.Generator.Planning;

namespace Generator.Tests.Planning;

/// <summary>The scratch memory of every entry point, for any network.</summary>
public class ScratchPlannerTests
{
    private const int StackBytes = 32 * 1024;

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
        Assert.Equal(StackBytes, (StackLimit.Length + PanelLayout.Alignment) * sizeof(float));
        foreach (NetworkPlan plan in Plans())
        {
            foreach (WidthPlan width in plan.Widths)
            {
                // Backward keeps its gradient there too.
                int longest = new[] { plan.ForwardOneScratch(width), plan.GradientOneScratch(width) + plan.ParameterLength, plan.ForwardScratch(width), plan.GradientScratch(width) + plan.ParameterLength }.Max();
                Assert.True(longest <= StackLimit.Length || longest <= plan.PoolLength);
            }
        }
        Assert.Equal(0, NetworkPlanner.Plan(Specs.Named["W1"]).PoolLength);
    }

    [Fact]
    public void Rows_hold_all_units_of_a_layer()
    {
        foreach (NetworkPlan plan in Plans())
        {
            foreach (ScratchPlan scratch in (ScratchPlan[])[plan.Kernels.ForwardOne, plan.Kernels.GradientOne, plan.Kernels.ForwardBatch, plan.Kernels.GradientBatch])
            {
                foreach (LayerPlan layer in plan.Layers)
                    Assert.InRange(scratch[layer.IsOutput ? "z" : $"a{layer.Number}"].Stride, layer.Dots is null ? layer.Layout.PaddedUnits : layer.Units, layer.Layout.PaddedUnits + PanelLayout.Alignment);
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
            Assert.True(kernels.GradientLanes is null || (kernels.ForwardLanes is not null && plan.ParameterLength <= Caches.ParametersInL1));
            if (kernels.GradientLanes is { } gradient)
                Assert.Equal(kernels.ForwardLanes!.Buffers, gradient.Buffers.Take(kernels.ForwardLanes.Buffers.Count));
        }
    }

    /// <summary>A pass provides what the kernels of its width take, and nothing where they keep all in registers, or in variables forward.</summary>
    [Fact]
    public void Passes_provide_for_their_kernels()
    {
        foreach (NetworkPlan plan in Plans())
        {
            KernelScratch kernels = plan.Kernels;
            foreach (WidthPlan width in plan.Widths)
            {
                Assert.Equal(width.One.ForwardInVariables ? 0 : kernels.ForwardOne.Length, plan.ForwardOneScratch(width));
                Assert.Equal(width.One.InRegisters ? 0 : kernels.GradientOne.Length, plan.GradientOneScratch(width));
                Assert.True(width.One.ForwardInVariables || !width.One.InRegisters);
                if (width.BatchInLanes)
                    Assert.Equal((kernels.ForwardLanes!.Length, kernels.GradientLanes!.Length), (plan.ForwardScratch(width), plan.GradientScratch(width)));
                else if (width.FullSlices is null)
                    Assert.Equal((kernels.ForwardBatch.Length, kernels.GradientBatch.Length), (plan.ForwardScratch(width), plan.GradientScratch(width)));
                else
                {
                    Assert.Equal(Math.Max(kernels.ForwardBatch.Length, kernels.ForwardLanes!.Length), plan.ForwardScratch(width));
                    Assert.Equal(Math.Max(kernels.GradientBatch.Length, kernels.GradientLanes?.Length ?? 0), plan.GradientScratch(width));
                }
                Assert.InRange(plan.LongestGradientScratch, plan.GradientScratch(width), int.MaxValue);
            }
        }
    }

    [Fact]
    public void Slices_are_the_batch_that_was_asked_for_unless_that_is_huge()
    {
        foreach (NetworkPlan plan in Plans())
            Assert.InRange(plan.SliceSize, Math.Min(plan.Spec.BatchSize, 64), plan.Spec.BatchSize);
        NetworkPlan huge = NetworkPlanner.Plan(Specs.Named["a huge batch"]);
        Assert.InRange(huge.LongestGradientScratch * (long)sizeof(float), 1, 128L << 20);
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
        foreach (NetworkPlan plan in Plans())
        {
            LayerPlan[] propagated = [.. plan.Layers.Where(layer => layer.TransposesWeights)];
            if (propagated.Length == 0)
                continue;
            BufferPlan transposed = plan.Kernels.GradientBatch["transposed"];
            Assert.All(propagated, layer => Assert.InRange(transposed.Length, layer.Units * layer.InputPanels.Width(0), int.MaxValue));
        }
    }

    private static IEnumerable<NetworkPlan> Plans() => Specs.All.Select(NetworkPlanner.Plan);

    private static void ForEach(Action<NetworkPlan, ScratchPlan> check)
    {
        foreach (NetworkPlan plan in Plans())
        {
            KernelScratch kernels = plan.Kernels;
            ScratchPlan?[] all = [kernels.ForwardOne, kernels.GradientOne, kernels.ForwardBatch, kernels.GradientBatch, kernels.ForwardLanes, kernels.GradientLanes];
            foreach (ScratchPlan scratch in all.OfType<ScratchPlan>())
                check(plan, scratch);
        }
    }
}
