using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using Backprop.Numerics;

namespace Backprop.Benchmarks.Peers;

/// <summary>One limit of the machine, as a line of JSON.</summary>
/// <param name="Limit">"fma 512" (GFLOP/s) or "read L2" (GB/s).</param>
/// <param name="Value">The measured value.</param>
/// <param name="Bytes">For a cache, its size.</param>
public sealed record MachineLimit(string Limit, double Value, long Bytes);

/// <summary>Measures one core: the peak of fused multiply-adds for each vector width, and the read bandwidth of each cache level.</summary>
public static unsafe class MachineLimits
{
    private const int Chains = 12;

    /// <summary>Prints the limits.</summary>
    public static void Measure()
    {
        Timer.Pin();
        if (Vector512.IsHardwareAccelerated)
            Print("fma 512", Peak<Lanes512>(), 0);
        if (Vector256.IsHardwareAccelerated)
            Print("fma 256", Peak<Lanes256>(), 0);
        if (Vector128.IsHardwareAccelerated)
            Print("fma 128", Peak<Lanes128>(), 0);
        foreach ((string level, long bytes) in Caches())
        {
            double rate = Vector512.IsHardwareAccelerated ? Bandwidth<Lanes512>(bytes / 2)
                : Vector256.IsHardwareAccelerated ? Bandwidth<Lanes256>(bytes / 2) : Bandwidth<Lanes128>(bytes / 2);
            Print($"read {level}", rate, bytes);
        }
    }

    private static void Print(string limit, double value, long bytes) =>
        Console.WriteLine(JsonSerializer.Serialize(new MachineLimit(limit, value, bytes), Measurement.Json));

    /// <summary>Data caches from the kernel's description; usual sizes where there is none.</summary>
    private static IEnumerable<(string Level, long Bytes)> Caches()
    {
        const string Folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!Directory.Exists(Folder))
            return [("L1", 32 << 10), ("L2", 512 << 10), ("L3", 8 << 20)];
        return from index in Directory.GetDirectories(Folder, "index*").Order()
               where File.ReadAllText(index + "/type").Trim() != "Instruction"
               let kibibytes = long.Parse(File.ReadAllText(index + "/size").Trim().TrimEnd('K'), CultureInfo.InvariantCulture)
               select ("L" + File.ReadAllText(index + "/level").Trim(), kibibytes << 10);
    }

    private static double Peak<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        const int Rounds = 100;
        return Chains * 2.0 * TLanes.Count * Rounds / Timer.Nanoseconds(calls => MultiplyAdds<TLanes>(calls * Rounds));
    }

    /// <summary>Independent chains of multiply-adds, more than latency × issue width of any core there is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdds<TLanes>(int rounds) where TLanes : struct, ILanes<TLanes>
    {
        TLanes x = TLanes.Create(0.999f), y = TLanes.Create(0.001f);
        TLanes s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x, s8 = x, s9 = x, s10 = x, s11 = x;
        for (int i = 0; i < rounds; i++)
        {
            s0 = TLanes.MultiplyAdd(s0, x, y);
            s1 = TLanes.MultiplyAdd(s1, x, y);
            s2 = TLanes.MultiplyAdd(s2, x, y);
            s3 = TLanes.MultiplyAdd(s3, x, y);
            s4 = TLanes.MultiplyAdd(s4, x, y);
            s5 = TLanes.MultiplyAdd(s5, x, y);
            s6 = TLanes.MultiplyAdd(s6, x, y);
            s7 = TLanes.MultiplyAdd(s7, x, y);
            s8 = TLanes.MultiplyAdd(s8, x, y);
            s9 = TLanes.MultiplyAdd(s9, x, y);
            s10 = TLanes.MultiplyAdd(s10, x, y);
            s11 = TLanes.MultiplyAdd(s11, x, y);
        }
        return TLanes.SumAcross(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    private static double Bandwidth<TLanes>(long bytes) where TLanes : struct, ILanes<TLanes>
    {
        int block = 8 * TLanes.Count;
        int floats = (int)(bytes / sizeof(float)) / block * block;
        float* data = (float*)NativeMemory.AlignedAlloc((nuint)floats * sizeof(float), 64);
        new Span<float>(data, floats).Clear();
        double rate = (double)floats * sizeof(float) / Timer.Nanoseconds(calls => Read<TLanes>(ref *data, floats, calls));
        NativeMemory.AlignedFree(data);
        return rate;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Read<TLanes>(ref float data, int floats, int calls) where TLanes : struct, ILanes<TLanes>
    {
        TLanes s0 = TLanes.Create(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (int call = 0; call < calls; call++)
        {
            for (int i = 0; i < floats; i += 8 * TLanes.Count)
            {
                // From a reference of its own, the eight are at constant distances: an index of each takes two more instructions.
                ref float line = ref Unsafe.Add(ref data, i);
                s0 += TLanes.Load(ref line, 0);
                s1 += TLanes.Load(ref line, TLanes.Count);
                s2 += TLanes.Load(ref line, 2 * TLanes.Count);
                s3 += TLanes.Load(ref line, 3 * TLanes.Count);
                s4 += TLanes.Load(ref line, 4 * TLanes.Count);
                s5 += TLanes.Load(ref line, 5 * TLanes.Count);
                s6 += TLanes.Load(ref line, 6 * TLanes.Count);
                s7 += TLanes.Load(ref line, 7 * TLanes.Count);
            }
        }
        return TLanes.SumAcross(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7);
    }
}
