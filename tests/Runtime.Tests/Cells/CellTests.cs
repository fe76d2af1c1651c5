using System.Runtime.Intrinsics.X86;
using Xunit.Abstractions;
using Intrinsics = System.Runtime.Intrinsics;

namespace Runtime.Tests.Cells;

/// <summary>
/// The tests run in several processes with instruction sets switched off. Each names in BACKPROP_CELL what it means to run,
/// and this asserts that it does: else a misspelt switch would test one width five times.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>avx512</term><description>no switch, on a machine that has it</description></item>
/// <item><term>avx2</term><description>DOTNET_EnableAVX512=0, and DOTNET_EnableAVX512F=0, its name on .NET 8 and 9</description></item>
/// <item><term>vector128</term><description>DOTNET_PreferredVectorBitWidth=128</description></item>
/// <item><term>nofma</term><description>DOTNET_EnableAVX2=0</description></item>
/// <item><term>scalar</term><description>DOTNET_EnableHWIntrinsic=0</description></item>
/// </list>
/// </remarks>
public class CellTests(ITestOutputHelper output)
{
    private const string Variable = "BACKPROP_CELL";

    /// <summary>Whether this process has all of the machine's instruction sets, and so runs every width itself; the others need to take a sample only.</summary>
    public static bool EveryWidth => Environment.GetEnvironmentVariable(Variable) is null or "" or "avx512";

    private static readonly Dictionary<string, Features> s_cells = new()
    {
        ["avx512"] = new(Vector512: true, Vector256: true, Vector128: true, MultiplyAdd: true),
        ["avx2"] = new(Vector512: false, Vector256: true, Vector128: true, MultiplyAdd: true),
        ["vector128"] = new(Vector512: false, Vector256: false, Vector128: true, MultiplyAdd: true),
        ["nofma"] = new(Vector512: false, Vector256: false, Vector128: true, MultiplyAdd: false),
        ["scalar"] = new(Vector512: false, Vector256: false, Vector128: false, MultiplyAdd: false),
    };

    [Fact]
    public void The_process_runs_what_its_cell_claims()
    {
        var found = new Features(
            Intrinsics.Vector512.IsHardwareAccelerated, Intrinsics.Vector256.IsHardwareAccelerated,
            Intrinsics.Vector128.IsHardwareAccelerated, Fma.IsSupported);
        string? cell = Environment.GetEnvironmentVariable(Variable);
        output.WriteLine($"{Variable}={cell}; this process has {found}.");
        if (string.IsNullOrEmpty(cell))
            return;
        Assert.True(s_cells.TryGetValue(cell, out Features? claimed), $"{Variable}={cell} is none of {string.Join(", ", s_cells.Keys)}.");
        Assert.True(found == claimed, $"{Variable}={cell} claims {claimed}, but this process has {found}: is the switch spelt as this runtime knows it, and does the machine have what is claimed?");
    }

    private sealed record Features(bool Vector512, bool Vector256, bool Vector128, bool MultiplyAdd);
}
