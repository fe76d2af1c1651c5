using Backprop;
using Backprop.Kernels;

namespace Runtime.Tests.Kernels;

/// <summary>How batches are cut.</summary>
public class SlicesTests
{
    private static readonly int[] s_most = [1, 2, 7, 16, 20, 63, 64, 100, 4096];

    [Fact]
    public void Even_slices_are_as_few_as_can_be_and_leave_no_small_rest()
    {
        foreach (int most in s_most)
        {
            for (int samples = 1; samples < 700; samples++)
            {
                int[] lengths = Lengths(samples, most, full: false);
                int size = lengths[0], last = lengths[^1];
                Assert.True(size == most || size == samples || size % PanelLayout.Alignment == 0);
                Assert.All(lengths[..^1], length => Assert.Equal(size, length));

                // The last slice may be shorter by what rounding added to the others.
                Assert.True(last > size - lengths.Length * PanelLayout.Alignment, $"{samples} samples, at most {most}: {lengths.Length} slices of {size}, the last of {last}");
            }
        }
    }

    [Fact]
    public void Full_slices_follow_what_is_left_over()
    {
        foreach (int most in s_most)
        {
            for (int samples = 1; samples < 700; samples++)
                Assert.All(Lengths(samples, most, full: true)[1..], length => Assert.Equal(most, length));
        }
    }

    [Theory]
    [InlineData(65, 64, false, 48)]
    [InlineData(100, 64, false, 64)]
    [InlineData(8, 7, false, 7)]
    [InlineData(int.MaxValue, 64, false, 64)]
    [InlineData(int.MaxValue, 1 << 20, false, 1 << 20)]
    [InlineData(65, 64, true, 1)]
    [InlineData(128, 64, true, 64)]
    [InlineData(int.MaxValue, 64, true, 63)]
    public void First_slices(int samples, int most, bool full, int length)
    {
        var slices = Slices.Of(samples, most, full);
        Assert.Equal((samples + (long)most - 1) / most, slices.Count);
        Assert.Equal(length, slices.LengthFrom(0));
        int last = slices.Start(slices.Count - 1);
        Assert.Equal(samples, last + slices.LengthFrom(last));
    }

    // Of slices that follow each other, as many as have to be, none empty or too long.
    private static int[] Lengths(int samples, int most, bool full)
    {
        var slices = Slices.Of(samples, most, full);
        Assert.Equal((samples + most - 1) / most, slices.Count);
        int[] lengths = [.. Enumerable.Range(0, slices.Count).Select(slice => slices.LengthFrom(slices.Start(slice)))];
        Assert.All(lengths, length => Assert.InRange(length, 1, most));
        for (int slice = 1; slice < lengths.Length; slice++)
            Assert.Equal(slices.Start(slice - 1) + lengths[slice - 1], slices.Start(slice));
        Assert.Equal(samples, lengths.Sum());
        return lengths;
    }
}
