using System.Runtime.CompilerServices;
using Backprop.Numerics;

namespace Backprop.Tests.Numerics;

/// <summary>A function of VectorMath, and the same in double.</summary>
internal interface IVectorFunction
{
    static abstract TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>;

    static abstract double Reference(double x);
}

/// <summary>A function of VectorMath by its name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Bound">What docs/numerics.md promises, in ULP of the correctly rounded value.</param>
/// <param name="Exact">The function in double.</param>
internal sealed record VectorFunction(string Name, double Bound, Func<double, double> Exact)
{
    private Action<float[], float[]>[] ByWidth { get; init; } = [];

    /// <summary>All.</summary>
    public static IReadOnlyList<VectorFunction> All { get; } =
    [
        Of<ExpFunction>("Exp", 2), Of<LogFunction>("Log", 2), Of<Log1pFunction>("Log1p", 2), Of<TanhFunction>("Tanh", 4),
        Of<SigmoidFunction>("Sigmoid", 4), Of<ErfFunction>("Erf", 6), Of<SoftplusFunction>("Softplus", 3),
    ];

    /// <summary>Those for a part of the arguments, which others are brought into first.</summary>
    public static IReadOnlyList<VectorFunction> Restricted { get; } =
        [Of<ExpOfNonPositiveFunction>("ExpOfNonPositive", 2), Of<Log1pUpTo1Function>("Log1pUpTo1", 2)];

    /// <summary>The one of a name.</summary>
    public static VectorFunction Named(string name) => All.Single(function => function.Name == name);

    /// <summary>Applies it with vectors of 16, 8, 4 lanes or 1.</summary>
    public void Evaluate(int lanes, float[] x, float[] y) => ByWidth[int.Log2(lanes) switch { 4 => 0, 3 => 1, 2 => 2, _ => 3 }](x, y);

    /// <summary>Applies one.</summary>
    public static float[] Evaluate<TFunction, TLanes>(float[] x)
        where TFunction : IVectorFunction
        where TLanes : struct, ILanes<TLanes>
    {
        var y = new float[x.Length];
        Apply<TFunction, TLanes>(x, y);
        return y;
    }

    private static VectorFunction Of<TFunction>(string name, double bound) where TFunction : IVectorFunction => new(name, bound, TFunction.Reference)
    {
        ByWidth = [Apply<TFunction, Lanes512>, Apply<TFunction, Lanes256>, Apply<TFunction, Lanes128>, Apply<TFunction, Lanes32>],
    };

    private static void Apply<TFunction, TLanes>(float[] x, float[] y)
        where TFunction : IVectorFunction
        where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < x.Length; i += TLanes.Count)
        {
            var count = Math.Min(TLanes.Count, x.Length - i);
            TLanes.StoreFirst(TFunction.Apply(TLanes.LoadFirst(in x[0], i, count)), ref y[0], i, count);
        }
    }
}

internal readonly struct ExpFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Exp(x);

    public static double Reference(double x) => Math.Exp(x);
}

internal readonly struct ExpOfNonPositiveFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.ExpOfNonPositive(TLanes.NegativeAbs(x));

    public static double Reference(double x) => Math.Exp(-Math.Abs(x));
}

internal readonly struct ExpOrZeroFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.ExpOrZero(TLanes.NegativeAbs(x));

    public static double Reference(double x) => Math.Abs(x) > 55 ? 0 : Math.Exp(-Math.Abs(x));
}

internal readonly struct LogFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Log(x);

    public static double Reference(double x) => Math.Log(x);
}

internal readonly struct Log1pFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Log1p(x);

    // W. Kahan's: what rounding takes from 1 + x is given back by the quotient.
    public static double Reference(double x)
    {
        var sum = 1 + x;
        return sum == 1 || double.IsPositiveInfinity(sum) ? x : Math.Log(sum) * (sum == 0 ? 1 : x / (sum - 1));
    }
}

internal readonly struct Log1pUpTo1Function : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> =>
        VectorMath.Log1pUpTo1(TLanes.Min(TLanes.Create(1f), TLanes.Abs(x)));

    public static double Reference(double x) => Log1pFunction.Reference(Math.Min(Math.Abs(x), 1));
}

internal readonly struct TanhFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Tanh(x);

    public static double Reference(double x) => Math.Tanh(x);
}

internal readonly struct SigmoidFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Sigmoid(x);

    public static double Reference(double x) => 1 / (1 + Math.Exp(-x));
}

internal readonly struct ErfFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Erf(x);

    public static double Reference(double x) => ErrorFunction.Compute(x);
}

internal readonly struct SoftplusFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Apply<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => VectorMath.Softplus(x);

    public static double Reference(double x) => Math.Max(x, 0) + Log1pFunction.Reference(Math.Exp(-Math.Abs(x)));
}
