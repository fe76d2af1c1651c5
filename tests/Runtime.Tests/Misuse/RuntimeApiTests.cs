using System.ComponentModel;
using System.Reflection;
using Backprop;
using Runtime.Tests.Networks;

namespace Runtime.Tests.Misuse;

/// <summary>
/// Every public member of the runtime that takes an argument, called with one that makes no sense: an exception that names the
/// argument, and nothing is written. (What a network and an optimizer refuse has tests of its own.)
/// </summary>
public class RuntimeApiTests
{
    private const float Canary = 12345f;

    private static readonly Dataset s_data = new([1, 2, 3, 4, 5, 6], [1, 0, 1], inputSize: 2, outputSize: 1, ["no"]);
    private static readonly StackNet s_net = new();

    /// <summary>Without rules of their own: values that are checked where they are used, and results.</summary>
    private static readonly string[] s_values =
    [
        nameof(DenseSpec), nameof(PanelLayout), nameof(ActivationTraits), nameof(SpecificationError), nameof(EpochReport), nameof(Evaluation),
    ];

    private static readonly (string Member, string? Argument, Action Call)[] s_refused =
    [
        ("Dataset..ctor", "inputs", () => _ = new Dataset(null!, [1], 1, 1)),
        ("Dataset..ctor", "inputs", () => _ = new Dataset([], [], 1, 1)),
        ("Dataset..ctor", "inputs", () => _ = new Dataset([1, 2, 3], [1], 2, 1)),
        ("Dataset..ctor", "targets", () => _ = new Dataset([1], null!, 1, 1)),
        ("Dataset..ctor", "targets", () => _ = new Dataset([1, 2], [1], 1, 1)),
        ("Dataset..ctor", "targets", () => _ = new Dataset([1, 2], [1, 2, 3], 1, 1)),
        ("Dataset..ctor", "inputSize", () => _ = new Dataset([1], [1], 0, 1)),
        ("Dataset..ctor", "outputSize", () => _ = new Dataset([1], [1], 1, -1)),
        ("Dataset..ctor", "classNames", () => _ = new Dataset([1], [1], 1, 1, ["a", "b"])),
        ("Dataset.FromCsv", "path", () => Dataset.FromCsv((string)null!)),
        ("Dataset.FromCsv", "text", () => Dataset.FromCsv((TextReader)null!)),
        ("Dataset.FromCsv", "stream", () => Dataset.FromCsv((Stream)null!)),
        ("Dataset.FromIdx", "imagesPath", () => Dataset.FromIdx(null!, "labels")),
        ("Dataset.FromIdx", "labelsPath", () => Dataset.FromIdx("images", null!)),
        ("Dataset.FromIdx", "images", () => Dataset.FromIdx(null!, Stream.Null)),
        ("Dataset.FromIdx", "labels", () => Dataset.FromIdx(Stream.Null, null!)),
        ("Dataset.FromIdx", "classes", () => Dataset.FromIdx(Stream.Null, Stream.Null, classes: 0)),
        ("Dataset.InputsOf", "sample", () => s_data.InputsOf(-1)),
        ("Dataset.InputsOf", "sample", () => s_data.InputsOf(3)),
        // 2³¹ inputs on, which 32 bits cannot count, lies the first sample again.
        ("Dataset.InputsOf", "sample", () => s_data.InputsOf(int.MinValue)),
        ("Dataset.TargetsOf", "sample", () => s_data.TargetsOf(-1)),
        ("Dataset.TargetsOf", "sample", () => s_data.TargetsOf(3)),
        ("Dataset.ClassOf", "sample", () => s_data.ClassOf(3)),
        ("Dataset.Select", "samples", () => s_data.Select([])),
        ("Dataset.Select", "samples", () => s_data.Select([0, 3])),
        ("Dataset.Select", "samples", () => s_data.Select([-1])),
        ("Dataset.Scale", "scaling", () => s_data.Scale(null!)),
        ("Dataset.Scale", "scaling", () => s_data.Scale(Scaling.Constant(3, 1))),
        ("Dataset.Split", "testFraction", () => s_data.Split(0, seed: 1)),
        ("Dataset.Split", "testFraction", () => s_data.Split(1, seed: 1)),
        ("Dataset.Split", "testFraction", () => s_data.Split(double.NaN, seed: 1)),
        ("Scaling..ctor", "offsets", () => _ = new Scaling([], [])),
        ("Scaling..ctor", "offsets", () => _ = new Scaling([float.NaN], [1])),
        ("Scaling..ctor", "factors", () => _ = new Scaling([1], [1, 2])),
        ("Scaling..ctor", "factors", () => _ = new Scaling([1], [float.NegativeInfinity])),
        ("Scaling.Constant", "inputSize", () => Scaling.Constant(0, 1)),
        ("Scaling.Constant", "factors", () => Scaling.Constant(1, float.PositiveInfinity)),
        ("Scaling.Standardize", "training", () => Scaling.Standardize(null!)),
        ("Scaling.MinMax", "training", () => Scaling.MinMax(null!)),
        ("Scaling.Apply", "samples", () => Untouched(3, span => Scaling.Constant(2, 1).Apply(span))),
        ("ReferenceNetwork..ctor", "spec", () => _ = new ReferenceNetwork(null!)),
        ("ReferenceNetwork.Forward", "inputs", () => new ReferenceNetwork(StackNet.Spec).Forward(new double[1], new double[1])),
        ("ReferenceNetwork.Forward", "outputs", () => new ReferenceNetwork(StackNet.Spec).Forward(new double[13], new double[4])),
        ("ReferenceNetwork.ComputeLoss", "targets", () => new ReferenceNetwork(StackNet.Spec).ComputeLoss(new double[13], new double[6])),
        ("ReferenceNetwork.Backward", "gradient", () => new ReferenceNetwork(StackNet.Spec).Backward(new double[13], new double[5], [])),
        ("ReferenceNetwork.Backward", "inputGradient", () => new ReferenceNetwork(StackNet.Spec).Backward(new double[13], new double[5], new double[StackNet.ParameterCount], new double[14])),
        ("ReferenceNetwork.TrainStep", "learningRate", () => new ReferenceNetwork(StackNet.Spec).TrainStep(new double[13], new double[5], -1)),
        ("ReferenceNetwork.CopyParametersTo", "destination", () => new ReferenceNetwork(StackNet.Spec).CopyParametersTo(new double[1])),
        ("ReferenceNetwork.LoadParameters", "source", () => new ReferenceNetwork(StackNet.Spec).LoadParameters(new double[1])),
        ("Weights.Save", "network", () => Weights.Save<StackNet>(null!, Stream.Null)),
        ("Weights.Save", "stream", () => Weights.Save(s_net, (Stream)null!)),
        ("Weights.Save", "path", () => Weights.Save(s_net, "")),
        ("Weights.Load", "network", () => Weights.Load<StackNet>(null!, Stream.Null)),
        ("Weights.Load", "stream", () => Weights.Load(s_net, (Stream)null!)),
        ("Weights.Load", "path", () => Weights.Load(s_net, (string)null!)),
        ("ParameterInitializer.Fill", "spec", () => Untouched(3, span => ParameterInitializer.Fill(null!, 1, span))),
        ("ParameterInitializer.Fill", "parameters", () => Untouched(StackNet.ParameterCount + 1, span => ParameterInitializer.Fill(StackNet.Spec, 1, span))),
        ("NetworkSpec..ctor", "layers", () => _ = new NetworkSpec(1, null!)),
        ("NetworkSpec..ctor", "layers", () => _ = new NetworkSpec(1, [null!])),
        ("NetworkSpec.InputsOf", null, () => StackNet.Spec.InputsOf(3)),
        ("SpecificationRules.Check", "spec", () => SpecificationRules.Check(null!)),
        ("SpecificationRules.Require", "spec", () => SpecificationRules.Require(null!)),
        ("SpecificationRules.Require", "spec", () => SpecificationRules.Require(new NetworkSpec(0, []))),
        ("Trainer.Fit", "network", () => Fit<StackNet>(null!, s_data)),
        ("Trainer.Fit", "train", () => Fit(s_net, null!)),
        ("Trainer.Fit", "train", () => Fit(s_net, s_data)),
        ("Trainer.Evaluate", "network", () => Trainer.Evaluate<StackNet>(null!, s_data)),
        ("Trainer.Evaluate", "data", () => Trainer.Evaluate(s_net, null!)),
        ("Trainer.Evaluate", "data", () => Trainer.Evaluate(s_net, s_data)),
        ("TrainingHistory.get_Item", "index", () => _ = new TrainingHistory()[0]),
        ("TrainingThreads..ctor", "count", () => new TrainingThreads(0).Dispose()),
        ("TrainingThreads.TrainStep", "network", () => Step<StackNet>(null!, 13, 5, 0.1f)),
        ("TrainingThreads.TrainStep", "inputs", () => Step(s_net, 70 * 13 + 1, 70 * 5, 0.1f)),
        ("TrainingThreads.TrainStep", "targets", () => Step(s_net, 70 * 13, 70 * 5 - 1, 0.1f)),
        ("TrainingThreads.TrainStep", "learningRate", () => Step(s_net, 70 * 13, 70 * 5, float.NaN)),
    ];

    private static IEnumerable<string> Members =>
        from type in typeof(Dataset).Assembly.GetExportedTypes()
        where type.Namespace == "Backprop" && (type.IsClass || type.IsValueType) && !type.IsEnum && !s_values.Contains(type.Name)
        where !type.IsAssignableTo(typeof(Attribute)) && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(IOptimizer))
        where type.GetCustomAttribute<EditorBrowsableAttribute>()?.State != EditorBrowsableState.Never
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly).OfType<MethodBase>()
        where member.GetParameters().Length > 0 && member.Name != "Equals" && !member.Name.StartsWith("op_", StringComparison.Ordinal) && !member.Name.StartsWith("set_", StringComparison.Ordinal)
        select $"{type.Name}.{member.Name}";

    public static TheoryData<int> Calls => [.. Enumerable.Range(0, s_refused.Length)];

    [Theory, MemberData(nameof(Calls))]
    public void Nonsense_is_refused_by_name(int call)
    {
        (string member, string? argument, Action misuse) = s_refused[call];
        Exception? refusal = Record.Exception(misuse);
        Assert.True(refusal is ArgumentException found && (argument is null || found.ParamName == argument), $"{member}, {argument}: {refusal?.ToString() ?? "accepted"}");
    }

    /// <summary>A new member asks for its rows.</summary>
    [Fact]
    public void Every_member_is_misused() => Assert.Equal(Members.Distinct().Order(), s_refused.Select(row => row.Member).Distinct().Order());

    private delegate void Fill(Span<float> span);

    private static void Untouched(int length, Fill call)
    {
        var memory = new float[length];
        Array.Fill(memory, Canary);
        try
        {
            call(memory);
        }
        finally
        {
            Assert.All(memory, value => Assert.Equal(Canary, value));
        }
    }

    private static void Fit<TNetwork>(TNetwork network, Dataset data) where TNetwork : class, INetwork<TNetwork>
    {
        var sgd = new Sgd();
        Trainer.Fit(network, data, ref sgd);
    }

    private static void Step<TNetwork>(TNetwork network, int inputs, int targets, float learningRate) where TNetwork : class, INetwork<TNetwork>
    {
        using var threads = new TrainingThreads(2);
        threads.TrainStep(network, new float[inputs], new float[targets], learningRate);
    }
}
