using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop.Tests.Kernels;

public sealed class AlignedBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(100_000)]
    public unsafe void A_buffer_is_zeroed_aligned_and_as_long_as_asked(int length)
    {
        for (var repetition = 0; repetition < 10; repetition++)
        {
            var buffer = new AlignedBuffer(length);
            Assert.Equal(length, buffer.Length);
            Assert.Equal(length, buffer.Span.Length);
            Assert.Equal(0, (nint)Unsafe.AsPointer(ref buffer.Reference) % 64);
            Assert.True(buffer.Span.IndexOfAnyExcept(0f) < 0);
            if (length > 0) Assert.True(Unsafe.AreSame(ref buffer.Reference, ref buffer.Span[0]));
        }
    }

    [Fact]
    public void A_buffer_stays_where_it_is()
    {
        var buffers = Enumerable.Range(0, 20).Select(_ => new AlignedBuffer(1000)).ToArray();
        var before = Array.ConvertAll(buffers, Address);
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(before, Array.ConvertAll(buffers, Address));
    }

    [Fact]
    public void A_negative_length_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(-1));

    private static unsafe nint Address(AlignedBuffer buffer) => (nint)Unsafe.AsPointer(ref buffer.Reference);
}
