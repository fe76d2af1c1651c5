using Backprop;
using Runtime.Tests.Differential.ErrorAnalysis;

namespace Runtime.Tests.Oracles.Onnx;

/// <summary>Carries out a graph: what the project has by an engine, what only arranges numbers here.</summary>
internal sealed class OnnxExecutor(IOnnxEngine engine)
{
    private static readonly Dictionary<string, Activation> s_activations = new()
    {
        ["Identity"] = Activation.Identity,
        ["Sigmoid"] = Activation.Sigmoid,
        ["Tanh"] = Activation.Tanh,
        ["Relu"] = Activation.ReLU,
        ["LeakyRelu"] = Activation.LeakyReLU,
        ["Elu"] = Activation.ELU,
        ["Selu"] = Activation.SELU,
        ["Softplus"] = Activation.Softplus,
        ["Softsign"] = Activation.Softsign,
        ["Clip"] = Activation.HardTanh,
        ["HardSwish"] = Activation.HardSwish,
    };

    private readonly Dictionary<string, OnnxValues> _values = [];

    /// <summary>The outputs of a test.</summary>
    public IReadOnlyDictionary<string, OnnxValues> Run(OnnxCase test)
    {
        foreach ((string name, OnnxTensor tensor) in test.Model.Constants.Concat(test.Inputs))
            _values.Add(name, OnnxValues.Of(tensor));
        foreach (OnnxNode node in WithSoftsign(test.Model.Nodes))
            Run(node);
        return test.Model.Outputs.Select(name => (name, _values[name])).ToDictionary();
    }

    // PyTorch's converter writes x / (1 + |x|).
    private static IReadOnlyList<OnnxNode> WithSoftsign(IReadOnlyList<OnnxNode> nodes) =>
        nodes.Select(node => node.Operator).SequenceEqual(["Abs", "Constant", "Add", "Div"])
            ? [new OnnxNode("Softsign", nodes[0].Inputs, nodes[^1].Outputs, nodes[0].Attributes)]
            : nodes;

    private void Run(OnnxNode node)
    {
        OnnxValues[] inputs = [.. node.Inputs.Where(name => name.Length > 0).Select(name => _values[name])];
        _values[node.Outputs[0]] = node.Operator switch
        {
            "Constant" => OnnxValues.Of(node.Attribute<OnnxTensor>("value", null!)),
            "Neg" => inputs[0] with { Data = Array.ConvertAll(inputs[0].Data, value => -value) },
            "Transpose" => Transpose(inputs[0]),
            "Gemm" => Gemm(node, inputs),
            "MatMul" => MatMul(inputs[0], inputs[1]),
            "Exp" or "Log" or "Erf" => OnnxValues.Of(inputs[0].Shape, engine.Function(node.Operator, inputs[0].Data)),
            "Softmax" => Softmax(inputs[0], (int)node.Attribute("axis", -1L)),
            "LogSoftmax" => LogSoftmax(inputs[0], (int)node.Attribute("axis", -1L)),
            "SoftmaxCrossEntropyLoss" => CrossEntropy(node, inputs),
            _ => Activate(s_activations[node.Operator], inputs[0]),
        };
        if (node.Operator == "SoftmaxCrossEntropyLoss" && node.Outputs.Length > 1)
            _values[node.Outputs[1]] = LogSoftmax(inputs[0], 1);
    }

    private static OnnxValues Transpose(OnnxValues x)
    {
        Assert.Equal(2, x.Shape.Length);
        int rows = x.Shape[0], columns = x.Shape[1];
        return x.Arranged([columns, rows], i => i % rows * columns + i / rows);
    }

    private OnnxValues Gemm(OnnxNode node, OnnxValues[] inputs)
    {
        float alpha = node.Attribute("alpha", 1f), beta = node.Attribute("beta", 1f);
        OnnxValues a = node.Attribute("transA", 0L) == 1 ? Transpose(inputs[0]) : inputs[0];
        // A layer's weights are [units, inputs].
        OnnxValues weights = node.Attribute("transB", 0L) == 1 ? inputs[1] : Transpose(inputs[1]);
        return Layer(a, weights, inputs.Length > 2 && beta != 0 ? inputs[2] : null, alpha, beta);
    }

    private OnnxValues MatMul(OnnxValues a, OnnxValues b)
    {
        int rows = a.Size(-2), inner = a.Size(-1), columns = b.Size(-1), matrices = a.Data.Length / (rows * inner);
        Assert.Equal(matrices, b.Data.Length / (inner * columns));
        OnnxValues[] products = [.. Enumerable.Range(0, matrices).Select(m =>
            Layer(Part(a, m, rows, inner), Transpose(Part(b, m, inner, columns)), null, 1, 1))];
        return new OnnxValues([.. a.Shape[..^1], columns], [.. products.SelectMany(p => p.Data)], [.. products.SelectMany(p => p.Error)]);

        static OnnxValues Part(OnnxValues from, int index, int rows, int columns)
        {
            Range range = (index * rows * columns)..((index + 1) * rows * columns);
            return new OnnxValues([rows, columns], from.Data[range], from.Error[range]);
        }
    }

    // z = α W a + β c. Where c differs from row to row, each row has a network of its own.
    private OnnxValues Layer(OnnxValues a, OnnxValues weights, OnnxValues? c, float alpha, float beta)
    {
        int rows = a.Shape[0], units = weights.Shape[0], inner = a.Shape[1];
        var spec = new NetworkSpec(inner, [new DenseSpec(units) { Bias = c is not null }]);
        double[] scaled = Array.ConvertAll(weights.Data, weight => (double)(float)(alpha * weight)), z = new double[rows * units], error = new double[rows * units];
        bool own = c is not null && c.Data.Length == rows * units && rows > 1;
        for (int row = 0; row < rows; row += own ? 1 : rows)
        {
            int count = own ? 1 : rows;
            double[] bias = c is null ? [] : [.. Enumerable.Range(0, units).Select(j => (double)(float)(beta * c.Data[At(row, j)]))];
            Bounded result = engine.Forward(spec, [.. scaled, .. bias], a.Data[(row * inner)..((row + count) * inner)]);
            result.Value.CopyTo(z, row * units);
            for (int i = 0; i < result.Error.Length; i++)
                error[row * units + i] = result.Error[i] + (c is null ? 0 : c.Error[At(row, i % units)]);
        }
        return new OnnxValues([rows, units], z, error);

        int At(int row, int unit) => c.Data.Length == 1 ? 0 : own ? row * units + unit : unit;
    }

    // An activation is a layer with the unit matrix for weights.
    private OnnxValues Activate(Activation activation, OnnxValues x)
    {
        int units = x.Size(-1);
        return OnnxValues.Of(x.Shape, engine.Forward(new NetworkSpec(units, [new DenseSpec(units, activation) { Bias = false }]), UnitMatrix(units), x.Data));
    }

    private OnnxValues Softmax(OnnxValues x, int axis)
    {
        OnnxValues rows = x.WithLast(axis);
        return OnnxValues.FromLast(engine.Forward(Classes(rows.Size(-1)), UnitMatrix(rows.Size(-1)), rows.Data), x.Shape, axis);
    }

    // The logarithm of a probability is the cross-entropy with that class, negated.
    private OnnxValues LogSoftmax(OnnxValues x, int axis)
    {
        OnnxValues rows = x.WithLast(axis);
        int classes = rows.Size(-1);
        double[] value = new double[x.Data.Length], error = new double[x.Data.Length];
        for (int i = 0; i < value.Length; i++)
        {
            int row = i / classes * classes;
            Bounded loss = engine.Loss(Classes(classes), UnitMatrix(classes), rows.Data[row..(row + classes)], OneHot(classes, i % classes, 1));
            (value[i], error[i]) = (-loss.Value[0], loss.Error[0]);
        }
        return OnnxValues.FromLast(Bounded.Of(value, error), x.Shape, axis);
    }

    private OnnxValues CrossEntropy(OnnxNode node, OnnxValues[] inputs)
    {
        OnnxValues rows = inputs[0].WithLast(1), labels = inputs[1];
        int classes = rows.Size(-1);
        long ignored = node.Attribute("ignore_index", long.MinValue);
        double[] weights = [.. labels.Data.Select(label => label == ignored ? 0 : inputs.Length > 2 ? inputs[2].Data[(int)label] : 1)];
        double[][] targets = [.. labels.Data.Select((label, i) => weights[i] == 0 ? new double[classes] : OneHot(classes, (int)label, weights[i]))];
        string reduction = node.Attribute("reduction", "mean");
        if (reduction == "none")
        {
            Bounded[] each = [.. targets.Select((t, i) => engine.Loss(Classes(classes), UnitMatrix(classes), rows.Data[(i * classes)..((i + 1) * classes)], t))];
            return new OnnxValues(labels.Shape, [.. each.Select(loss => loss.Value[0])], [.. each.Select(loss => loss.Error[0])]);
        }
        Bounded mean = engine.Loss(Classes(classes), UnitMatrix(classes), rows.Data, [.. targets.SelectMany(t => t)]);
        double factor = reduction == "sum" ? targets.Length : targets.Length / weights.Sum();
        return new OnnxValues([], [mean.Value[0] * factor], [mean.Error[0] * factor]);
    }

    private static NetworkSpec Classes(int count) => new(count, [new DenseSpec(count, Activation.Softmax) { Bias = false }]) { Loss = Loss.CrossEntropy };

    private static double[] UnitMatrix(int size) => [.. Enumerable.Range(0, size * size).Select(i => i % (size + 1) == 0 ? 1.0 : 0)];

    private static double[] OneHot(int classes, int hot, double value) => [.. Enumerable.Range(0, classes).Select(k => k == hot ? value : 0)];
}
