namespace Backprop.Generator.Planning;

/// <summary>A vector width that kernels are planned for.</summary>
/// <param name="Lanes">Floats in a vector: 16, 8, 4, or 1 for the portable path.</param>
internal sealed record VectorWidth(int Lanes)
{
    /// <summary>Every width a network is emitted for, widest first.</summary>
    public static readonly VectorWidth[] All = [new(16), new(8), new(4), new(1)];

    /// <summary>Bits in a vector.</summary>
    public int Bits => Lanes * 32;

    /// <summary>The vector registers that the instruction set has: 32 with AVX-512, else 16.</summary>
    public int Registers => Lanes == 16 ? 32 : 16;
}
