using Backprop;
using Backprop.Numerics;

namespace Runtime.Tests;

/// <summary>The vector forms of activations and losses, over arrays, on every width. Widths without hardware run in software.</summary>
internal static class VectorForms
{
    /// <summary>φ and φ′ in float over an array, on one width.</summary>
    public delegate void Evaluator(ReadOnlySpan<float> z, Span<float> value, Span<float> derivative);

    /// <summary>The vector forms of an activation, by the width's name.</summary>
    public static IEnumerable<(string Width, Evaluator Evaluate)> Of(Activation activation) => activation switch
    {
        Activation.Identity => FromOutput<Identity>(),
        Activation.Sigmoid => FromOutput<Sigmoid>(),
        Activation.Tanh => FromOutput<Tanh>(),
        Activation.ReLU => FromOutput<ReLU>(),
        Activation.LeakyReLU => FromOutput<LeakyReLU>(),
        Activation.ELU => FromOutput<ELU>(),
        Activation.SELU => FromOutput<SELU>(),
        Activation.GELU => FromInput<GELU>(),
        Activation.GELUTanh => FromInput<GELUTanh>(),
        Activation.SiLU => FromInput<SiLU>(),
        Activation.Softplus => FromInput<Softplus>(),
        Activation.Mish => FromInput<Mish>(),
        Activation.Softsign => FromInput<Softsign>(),
        Activation.HardSigmoid => FromInput<HardSigmoid>(),
        Activation.HardTanh => FromOutput<HardTanh>(),
        Activation.HardSwish => FromInput<HardSwish>(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>The vector forms of a loss: value and derivative over arrays of outputs and targets.</summary>
    public delegate void LossEvaluator(ReadOnlySpan<float> y, ReadOnlySpan<float> t, Span<float> value, Span<float> derivative);

    /// <summary>The vector forms of a loss that is a function of the outputs, by the width's name.</summary>
    public static IEnumerable<(string Width, LossEvaluator Evaluate)> Of(Loss loss) => loss switch
    {
        Loss.MeanSquaredError => OfLoss<MeanSquaredError>(),
        Loss.HalfSquaredError => OfLoss<HalfSquaredError>(),
        Loss.MeanAbsoluteError => OfLoss<MeanAbsoluteError>(),
        Loss.Huber => OfLoss<Huber>(),
        _ => throw new ArgumentOutOfRangeException(nameof(loss)),
    };

    private static IEnumerable<(string, Evaluator)> FromOutput<T>() where T : struct, IOutputActivation =>
    [
        (nameof(Lanes512), OutputLoop<T, Lanes512>),
        (nameof(Lanes256), OutputLoop<T, Lanes256>),
        (nameof(Lanes128), OutputLoop<T, Lanes128>),
        (nameof(Lanes32), OutputLoop<T, Lanes32>),
    ];

    private static IEnumerable<(string, Evaluator)> FromInput<T>() where T : struct, IInputActivation =>
    [
        (nameof(Lanes512), InputLoop<T, Lanes512>),
        (nameof(Lanes256), InputLoop<T, Lanes256>),
        (nameof(Lanes128), InputLoop<T, Lanes128>),
        (nameof(Lanes32), InputLoop<T, Lanes32>),
    ];

    private static IEnumerable<(string, LossEvaluator)> OfLoss<T>() where T : struct, ILossFunction =>
    [
        (nameof(Lanes512), LossLoop<T, Lanes512>),
        (nameof(Lanes256), LossLoop<T, Lanes256>),
        (nameof(Lanes128), LossLoop<T, Lanes128>),
        (nameof(Lanes32), LossLoop<T, Lanes32>),
    ];

    private static void OutputLoop<T, TLanes>(ReadOnlySpan<float> z, Span<float> value, Span<float> derivative)
        where T : struct, IOutputActivation
        where TLanes : struct, ILanes<TLanes>
    {
        for (int i = 0; i < z.Length; i += TLanes.Count)
        {
            int count = Math.Min(TLanes.Count, z.Length - i);
            TLanes a = T.Value(TLanes.LoadFirst(in z[0], i, count));
            TLanes.StoreFirst(a, ref value[0], i, count);
            TLanes.StoreFirst(T.DerivativeFromOutput(a), ref derivative[0], i, count);
        }
    }

    private static void InputLoop<T, TLanes>(ReadOnlySpan<float> z, Span<float> value, Span<float> derivative)
        where T : struct, IInputActivation
        where TLanes : struct, ILanes<TLanes>
    {
        var alone = new float[z.Length];
        for (int i = 0; i < z.Length; i += TLanes.Count)
        {
            int count = Math.Min(TLanes.Count, z.Length - i);
            TLanes input = TLanes.LoadFirst(in z[0], i, count);
            TLanes.StoreFirst(T.Value(input, out TLanes slope), ref value[0], i, count);
            TLanes.StoreFirst(slope, ref derivative[0], i, count);
            TLanes.StoreFirst(T.Value(input), ref alone[0], i, count);
        }

        Assert.True(value.SequenceEqual(alone), "the value depends on whether the derivative is asked for");
    }

    private static void LossLoop<T, TLanes>(ReadOnlySpan<float> y, ReadOnlySpan<float> t, Span<float> value, Span<float> derivative)
        where T : struct, ILossFunction
        where TLanes : struct, ILanes<TLanes>
    {
        for (int i = 0; i < y.Length; i += TLanes.Count)
        {
            int count = Math.Min(TLanes.Count, y.Length - i);
            TLanes output = TLanes.LoadFirst(in y[0], i, count), target = TLanes.LoadFirst(in t[0], i, count);
            TLanes.StoreFirst(T.Value(output, target), ref value[0], i, count);
            TLanes.StoreFirst(T.Derivative(output, target), ref derivative[0], i, count);
        }
    }
}
