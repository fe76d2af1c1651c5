using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Oracles.Onnx;

/// <summary>A tensor while a graph is carried out, with error bounds.</summary>
internal sealed record OnnxValues(int[] Shape, double[] Data, double[] Error)
{
    /// <summary>A tensor that is given.</summary>
    public static OnnxValues Of(OnnxTensor tensor) =>
        new(tensor.Shape, tensor.Integers.Length > 0 ? [.. tensor.Integers.Select(value => (double)value)] : [.. tensor.Floats.Select(value => (double)value)], new double[tensor.Count]);

    /// <summary>A result.</summary>
    public static OnnxValues Of(int[] shape, Bounded values) => new(shape, values.Value, values.Error);

    /// <summary>The size of an axis, counted from the end where negative; 1 of a scalar.</summary>
    public int Size(int axis) => Shape.Length == 0 ? 1 : Shape[Axis(axis)];

    /// <summary>With each element in the place that a function gives it.</summary>
    public OnnxValues Arranged(int[] shape, Func<int, int> source) =>
        new(shape, [.. Data.Select((_, i) => Data[source(i)])], [.. Error.Select((_, i) => Error[source(i)])]);

    /// <summary>With one axis moved to the end: the rows of a layer.</summary>
    public OnnxValues WithLast(int axis)
    {
        (int size, int inner) = Split(axis);
        int[] shape = [.. Shape.Where((_, i) => i != Axis(axis)), size];
        return Arranged(shape, i => (i / size / inner * size + i % size) * inner + i / size % inner);
    }

    /// <summary>The inverse of <see cref="WithLast"/>.</summary>
    public static OnnxValues FromLast(Bounded rows, int[] shape, int axis)
    {
        var values = Of(shape, rows);
        (int size, int inner) = values.Split(axis);
        return values.Arranged(shape, i => (i / inner / size * inner + i % inner) * size + i / inner % size);
    }

    private int Axis(int axis) => axis < 0 ? axis + Shape.Length : axis;

    private (int Size, int Inner) Split(int axis)
    {
        int inner = Shape[(Axis(axis) + 1)..].Aggregate(1, (product, size) => product * size);
        return (Size(axis), inner);
    }
}
