namespace Backprop;

/// <summary>The cost C(y, t) of one sample's outputs y against its targets t; a batch's loss is the mean over its samples.</summary>
public enum Loss
{
    /// <summary>mean (or sum) over k of (yₖ − tₖ)².</summary>
    MeanSquaredError,

    /// <summary>½ Σₖ (yₖ − tₖ)²: the cost of most textbooks; always summed over the outputs.</summary>
    HalfSquaredError,

    /// <summary>mean (or sum) over k of |yₖ − tₖ|; its derivative at 0 is 0.</summary>
    MeanAbsoluteError,

    /// <summary>mean (or sum) over k of ½ d² where |d| ≤ 1, else |d| − ½; d = yₖ − tₖ.</summary>
    Huber,

    /// <summary>mean (or sum) over k of −tₖ ln yₖ − (1 − tₖ) ln(1 − yₖ); needs <see cref="Activation.Sigmoid"/> on the last layer.</summary>
    BinaryCrossEntropy,

    /// <summary>−Σₖ tₖ ln yₖ: always summed over the outputs; needs <see cref="Activation.Softmax"/> on the last layer.</summary>
    CrossEntropy,
}
