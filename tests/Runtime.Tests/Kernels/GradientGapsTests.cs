using Backprop;
using Backprop.Kernels;
using Runtime.Tests.Misuse;
using Runtime.Tests.Training;

namespace Runtime.Tests.Kernels;

/// <summary>What lies between layers goes to the optimizer with a gradient that was summed: it must be 0, though scratch is not zeroed.</summary>
public class GradientGapsTests
{
    /// <summary>2 samples are summed one by one, 7 slice by slice.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    public void Padding_between_layers_stays_0(int samples)
    {
        var network = new NarrowNet(seed: 1);
        Train(network, samples);

        ReadOnlySpan<float> parameters = ((IGradientSource)network).Parameters.Span;
        int offset = 0, gaps = 0;
        foreach ((DenseSpec layer, int i) in NarrowNet.Spec.Layers.Select((layer, i) => (layer, i)))
        {
            var layout = new PanelLayout(NarrowNet.Spec.InputsOf(i), layer.Units, layer.Bias);
            ReadOnlySpan<float> gap = parameters[(offset + layout.Rows * layout.PaddedUnits)..(offset + layout.Length)];
            Assert.Equal(new float[gap.Length], gap.ToArray());
            offset += layout.Length;
            gaps += gap.Length;
        }
        Assert.NotEqual(0, gaps);
    }

    /// <summary>The same where the only layer lies along its inputs, with a tail that its last vector holds beside 0.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    public void Padding_of_a_layer_along_its_inputs_stays_0(int samples)
    {
        var network = new RegressionNet(seed: 1);
        Train(network, samples);

        float[] canonical = new float[RegressionNet.ParameterCount], packed = new float[DotLayout.OfLast(RegressionNet.Spec).Length];
        network.CopyParametersTo(canonical);
        new PackedParameters([], DotLayout.OfLast(RegressionNet.Spec)).Pack(canonical, ref packed[0]);
        Assert.Equal(packed, ((IGradientSource)network).Parameters.Span.ToArray());
    }

    /// <summary>The same where the last of two layers does, beside which activations are padded: through memory, and in variables.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(4), InlineData(7)]
    public void Padding_of_a_last_layer_along_its_inputs_stays_0(int samples)
    {
        LeavesLastLayersPadding(new ClassifierNet(seed: 1), samples);
        LeavesLastLayersPadding(new SmallClassifierNet(seed: 1), samples);
    }

    private static void LeavesLastLayersPadding<TNetwork>(TNetwork network, int samples) where TNetwork : class, INetwork<TNetwork>
    {
        Train(network, samples);

        DotLayout last = DotLayout.OfLast(TNetwork.Spec);
        float[] canonical = new float[TNetwork.ParameterCount], packed = new float[last.Length];
        network.CopyParametersTo(canonical);
        new PackedParameters([], last).Pack(canonical.AsSpan(^(last.Units * (last.Inputs + 1))..), ref packed[0]);
        Assert.Equal(packed, ((IGradientSource)network).Parameters.Span[^last.Length..].ToArray());
    }

    /// <summary>The same where a batch turns the weights of a layer round.</summary>
    [Theory, InlineData(16), InlineData(19)]
    public void Padding_beside_few_units_stays_0(int samples)
    {
        var network = new ValueNet(seed: 1);
        Train(network, samples);

        PanelLayout narrow = new(70, 3, Bias: true), last = new(3, 20, Bias: true);
        float[] canonical = new float[ValueNet.ParameterCount], packed = new float[narrow.Length];
        network.CopyParametersTo(canonical);
        new PackedParameters([narrow], last: null).Pack(canonical.AsSpan(^(narrow.Count + last.Count)..^last.Count), ref packed[0]);
        Assert.Equal(packed, ((IGradientSource)network).Parameters.Span[^(narrow.Length + last.Length)..^last.Length].ToArray());
    }

    private static void Train<TNetwork>(TNetwork network, int samples) where TNetwork : class, INetwork<TNetwork>
    {
        var adam = new Adam();
        float[] x = [.. Enumerable.Repeat(0.5f, samples * TNetwork.InputSize)], t = new float[samples * TNetwork.OutputSize];
        for (int step = 0; step < 3; step++)
        {
            SoiledStack.With(SoiledStack.NaN);
            network.TrainStep(x, t, 0.1f);
            SoiledStack.With(SoiledStack.NaN);
            network.TrainStep(x, t, ref adam);
        }
    }
}

/// <summary>Three units behind seventy: rows of four, one of which is padding.</summary>
[Network(5, Loss = Loss.HalfSquaredError)]
[Dense(70, Activation.ReLU)]
[Dense(3, Activation.ReLU)]
[Dense(20)]
public sealed partial class ValueNet;

/// <summary>Three outputs along seventy hidden units, of which the last vector has six.</summary>
[Network(5, Loss = Loss.HalfSquaredError)]
[Dense(70, Activation.Sigmoid)]
[Dense(3)]
public sealed partial class ClassifierNet;

/// <summary>A smaller one, whose steps of one sample stay in variables.</summary>
[Network(9, Loss = Loss.HalfSquaredError)]
[Dense(25, Activation.Sigmoid)]
[Dense(3)]
public sealed partial class SmallClassifierNet;
