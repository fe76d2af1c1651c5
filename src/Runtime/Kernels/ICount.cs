namespace Backprop.Kernels;

/// <summary>A number as a type: a method that is generic over it is compiled for each number, with the number in place.</summary>
internal interface ICount
{
    /// <summary>The number.</summary>
    static abstract int Count { get; }
}

/// <summary>1.</summary>
internal readonly struct One : ICount
{
    /// <inheritdoc/>
    public static int Count => 1;
}

/// <summary>2.</summary>
internal readonly struct Two : ICount
{
    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>3.</summary>
internal readonly struct Three : ICount
{
    /// <inheritdoc/>
    public static int Count => 3;
}

/// <summary>6.</summary>
internal readonly struct Six : ICount
{
    /// <inheritdoc/>
    public static int Count => 6;
}
