using Backprop;
using Backprop.Kernels;

namespace Runtime.Tests.Kernels;

/// <summary>How batches are cut.</summary>
public class SlicesTests
{
    [Fact]
    public void Batches_have_as_few_slices_as_can_be_and_no_small_rest()
    {
        foreach (int most in (int[])[1, 2, 7, 16, 20, 63, 64, 100, 4096])
        {
            for (int samples = 1; samples < 700; samples++)
            {
                int size = Slices.SizeFor(samples, most), slices = (samples + size - 1) / size;
                Assert.InRange(size, 1, most);
                Assert.True(size == most || size % PanelLayout.Alignment == 0);
                Assert.Equal((samples + most - 1) / most, slices);

                // The last slice may be shorter by what rounding added to the others.
                int last = samples - (slices - 1) * size;
                Assert.InRange(last, 1, size);
                Assert.True(last > size - slices * PanelLayout.Alignment, $"{samples} samples, at most {most}: {slices} slices of {size}, the last of {last}");
            }
        }
    }

    [Theory]
    [InlineData(65, 64, 48)]
    [InlineData(100, 64, 64)]
    [InlineData(8, 7, 7)]
    [InlineData(int.MaxValue, 64, 64)]
    [InlineData(int.MaxValue, 1 << 20, 1 << 20)]
    public void Sizes(int samples, int most, int size) => Assert.Equal(size, Slices.SizeFor(samples, most));
}
