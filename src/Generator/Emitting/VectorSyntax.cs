using Backprop.Generator.Planning;

namespace Backprop.Generator.Emitting;

/// <summary>
/// How vector operations of one width are written in C#. Products use the BCL's intrinsics directly: the JIT imports
/// them without a temporary, so that a method may hold hundreds. Elementwise functions use the runtime's lanes.
/// <c>BpSimd</c>, <c>BpMath</c>, <c>BpKernels</c> and <c>BpMem</c> are namespace aliases at the head of every emitted file;
/// <c>alias::Name</c> cannot be captured by a type of the user's.
/// </summary>
/// <param name="Lanes">Floats in a vector; 1 writes plain <c>float</c> arithmetic.</param>
/// <param name="HasMultiplyAddEstimate">Whether the BCL has <c>MultiplyAddEstimate</c>.</param>
internal sealed record VectorSyntax(int Lanes, bool HasMultiplyAddEstimate)
{
    /// <summary>The class of the vector's functions.</summary>
    public string Factory => $"BpSimd::Vector{Lanes * 32}";

    private bool IsScalar => Lanes == 1;

    /// <summary>The type of a vector.</summary>
    public string Type => IsScalar ? "float" : $"{Factory}<float>";

    /// <summary>The runtime's wrapper of it.</summary>
    public string Wrapper => $"BpMath::Lanes{Lanes * 32}";

    public string Zero => IsScalar ? "0f" : $"{Factory}<float>.Zero";

    /// <summary>Zero where the type stands before.</summary>
    public string TypedZero => IsScalar ? "0f" : "default";

    public string Load(string reference, int offset) =>
        IsScalar ? Element(reference, offset)
        : offset == 0 ? $"{Factory}.LoadUnsafe(ref {reference})"
        : $"{Factory}.LoadUnsafe(ref {reference}, {offset})";

    /// <summary>Loads from an offset that is an expression.</summary>
    public string LoadAt(string reference, string offset) =>
        int.TryParse(offset, out int constant) ? Load(reference, constant)
        : IsScalar ? $"BpMem::Unsafe.Add(ref {reference}, {offset})"
        : $"{Factory}.LoadUnsafe(ref BpMem::Unsafe.Add(ref {reference}, {offset}))";

    public string Store(string value, string reference, int offset) =>
        IsScalar ? $"{Element(reference, offset)} = {value};"
        : offset == 0 ? $"{Factory}.StoreUnsafe({value}, ref {reference});"
        : $"{Factory}.StoreUnsafe({value}, ref {reference}, {offset});";

    public string Broadcast(string value) => IsScalar ? value : $"{Factory}.Create({value})";

    /// <summary>Writes, for each lane of a vector, a variable that has it in every lane.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vector">The vector, a variable.</param>
    /// <param name="first">The number of its first lane.</param>
    /// <param name="name">What the variables' names begin with; numbers follow.</param>
    /// <param name="use">Writes what each is for, once it is there.</param>
    public void WriteSpread(SourceWriter writer, string vector, int first, string name, Action<int, string> use)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            string quarter = $"{name}{first + lane / 4 * 4}to{first + lane / 4 * 4 + 3}", number = $"{name}{first + lane}";
            if (lane % 4 == 0)
                writer.Line($"var {quarter} = BpMath::Spreading.Quarter({vector}, {lane / 4});");
            writer.Line($"var {number} = BpMath::Spreading.Lane({quarter}, {lane % 4});");
            use(lane, number);
        }
    }

    /// <summary>Writes, for each number in memory, a variable that has it in every lane. Two numbers share a load.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="reference">The reference to number 0.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many; even.</param>
    /// <param name="name">What the variables' names begin with; numbers follow.</param>
    /// <param name="use">Writes what each is for, once it is there.</param>
    public static void WriteSpreadPairs(SourceWriter writer, string reference, int first, int count, string name, Action<int, string> use)
    {
        for (int i = 0; i < count; i++)
        {
            int begin = first + i / 2 * 2;
            string pair = $"{name}{begin}to{begin + 1}", number = $"{name}{first + i}";
            if (i % 2 == 0)
                writer.Line($"var {pair} = BpMath::Spreading.Pair({At(reference, $"{begin}")});");
            writer.Line($"var {number} = BpMath::Spreading.Lane({pair}, {i % 2});");
            use(i, number);
        }
    }

    public string MultiplyAdd(string x, string y, string z) =>
        IsScalar ? $"({x} * {y}) + {z}"
        : HasMultiplyAddEstimate ? $"{Factory}.MultiplyAddEstimate({x}, {y}, {z})"
        : $"{Wrapper}.MultiplyAdd({x}, {y}, {z})";

    /// <summary>
    /// A multiply-add of which a method may hold hundreds. Before .NET 9 it is a product and a sum: the lanes' function, inlined,
    /// takes locals, and after some dozens of it the JIT inlines nothing more.
    /// </summary>
    public string MultiplyAddOfMany(string x, string y, string z) =>
        HasMultiplyAddEstimate ? MultiplyAdd(x, y, z) : $"({x} * {y}) + {z}";

    /// <summary>A call of one of the runtime's functions of lanes.</summary>
    public string Function(string function, params string[] arguments) => $"BpMath::{function}<{Wrapper}>({string.Join(", ", arguments)})";

    /// <summary>A call of one of the runtime's functions of lanes, as the hardware's vector.</summary>
    public string Call(string function, params string[] arguments) => $"({Type}){Function(function, arguments)}";

    /// <summary>
    /// Adds up each of several vectors across its lanes: a vector with a lane for each. There are as many as a vector has lanes (of 16, the last four may
    /// be zeros), or fewer, in fours.
    /// </summary>
    /// <param name="vectors">The vectors.</param>
    public string SumEach(IReadOnlyList<string> vectors)
    {
        const int four = TilePlanner.ShortestRow;
        if (vectors.Count == Lanes)
        {
            bool pads = Lanes == PanelLayout.Alignment && vectors.Skip(Lanes - four).All(vector => vector == Zero);
            return $"BpMath::Transposition.SumEach({string.Join(", ", pads ? vectors.Take(Lanes - four) : vectors)})";
        }
        return RegisterSyntax.Join(
            [.. Enumerable.Range(0, vectors.Count / four).Select(f => $"(BpSimd::Vector128<float>){Wrapper}.SumEach({string.Join(", ", vectors.Skip(f * four).Take(four))})")], four);
    }

    /// <summary>Stores lanes.</summary>
    public string StoreLanes(string value, string reference, int offset) => StoreLanesAt(value, reference, $"{offset}");

    /// <summary>Stores lanes at an offset that is an expression.</summary>
    public string StoreLanesAt(string value, string reference, string offset) => $"{Wrapper}.Store({value}, ref {reference}, {offset});";

    /// <summary>The float at a constant offset.</summary>
    public static string Element(string reference, int offset) => ElementAt(reference, $"{offset}");

    /// <summary>The float at an offset.</summary>
    public static string ElementAt(string reference, string offset) =>
        offset == "0" ? reference : $"BpMem::Unsafe.Add(ref {reference}, {offset})";

    /// <summary>A sum of offsets, without those that are 0 or absent.</summary>
    public static string Sum(string first, string second) =>
        second is "" or "0" ? (first == "" ? "0" : first) : first is "" or "0" ? second : $"{first} + {second}";

    /// <summary>A reference to the float at an offset.</summary>
    public static string At(string reference, string offset) =>
        offset == "0" ? $"ref {reference}" : $"ref BpMem::Unsafe.Add(ref {reference}, {offset})";
}
