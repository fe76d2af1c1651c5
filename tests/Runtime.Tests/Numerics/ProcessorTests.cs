using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Backprop.Numerics;

namespace Backprop.Tests.Numerics;

public sealed class ProcessorTests
{
    [Fact]
    public void A_processor_is_known_by_its_whole_name()
    {
        string name = "";
        if (X86Base.IsSupported)
        {
            (_, int first, int last, int middle) = X86Base.CpuId(0, 0);
            name = string.Concat(MemoryMarshal.AsBytes<int>([first, middle, last]).ToArray().Select(letter => (char)letter));
        }

        Processor.Identify();
        Assert.Equal(name == "AuthenticAMD", Processor.IsAmd);
        Assert.Equal(name == "GenuineIntel", Processor.IsIntel);
    }
}
