using System.Runtime.CompilerServices;

namespace Backprop.Numerics;

/// <summary>φ(z) = λ z where z &gt; 0, else λ α (eᶻ − 1); φ′ = λ where z &gt; 0, else λ α eᶻ = φ + λ α (Klambauer et al. 2017).</summary>
public readonly struct SELU : IOutputActivation
{
    private const double Lambda = 1.0507009873554805;
    private const double LambdaAlpha = Lambda * 1.6732632423543772;

    /// <inheritdoc/>
    public static double Value(double z) => z > 0 ? Lambda * z : LambdaAlpha * ScalarMath.ExpMinusOne(z);

    /// <inheritdoc/>
    public static double Derivative(double z) => z > 0 ? Lambda : LambdaAlpha * Math.Exp(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>
    {
        TLanes positive = TLanes.GreaterThan(z, TLanes.Create(0f));
        return TLanes.Select(positive, TLanes.Create((float)Lambda) * z, TLanes.Create((float)LambdaAlpha) * ELU.ExpMinusOne(z));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes DerivativeFromOutput<TLanes>(TLanes a) where TLanes : struct, ILanes<TLanes>
    {
        TLanes positive = TLanes.GreaterThan(a, TLanes.Create(0f));
        return TLanes.Select(positive, TLanes.Create((float)Lambda), a + TLanes.Create((float)LambdaAlpha));
    }
}
