using Backprop;
using Runtime.Tests.Golden;

namespace Runtime.Tests.Differential;

/// <summary>Repeats a training run of the golden file with the optimizer that it names.</summary>
internal static class GoldenOptimizers
{
    /// <summary>Trains; the loss before each step.</summary>
    public static float[] Train(GeneratedNetwork network, GoldenCase golden, GoldenTraining run)
    {
        GoldenOptimizer settings = run.Optimizer;
        float rate = (float)settings.LearningRate;
        float decay = (float)(settings.WeightDecay ?? 0);
        switch (settings.Kind)
        {
            // The path of its own that plain gradient descent has; the optimizer's is taken with momentum 0 by other tests.
            case "sgd" when settings.Momentum is null && settings.WeightDecay is null:
                return [.. run.Losses.Select(_ => network.TrainStep(golden.X, golden.Y, rate))];
            case "sgd":
                return Steps(new Sgd { LearningRate = rate, Momentum = (float)(settings.Momentum ?? 0), Nesterov = settings.Nesterov ?? false, WeightDecay = decay });
            case "adam":
                var adam = new Adam { LearningRate = rate, WeightDecay = decay };
                adam.Beta1 = (float?)settings.Beta1 ?? adam.Beta1;
                adam.Beta2 = (float?)settings.Beta2 ?? adam.Beta2;
                adam.Epsilon = (float?)settings.Epsilon ?? adam.Epsilon;
                return Steps(adam);
            case "adamw":
                var adamW = new AdamW { LearningRate = rate };
                adamW.WeightDecay = (float?)settings.WeightDecay ?? adamW.WeightDecay;
                adamW.Beta1 = (float?)settings.Beta1 ?? adamW.Beta1;
                adamW.Beta2 = (float?)settings.Beta2 ?? adamW.Beta2;
                adamW.Epsilon = (float?)settings.Epsilon ?? adamW.Epsilon;
                return Steps(adamW);
            case "rmsprop":
                var rmsProp = new RmsProp { LearningRate = rate, Momentum = (float)(settings.Momentum ?? 0), WeightDecay = decay };
                rmsProp.Alpha = (float?)settings.Alpha ?? rmsProp.Alpha;
                rmsProp.Epsilon = (float?)settings.Epsilon ?? rmsProp.Epsilon;
                return Steps(rmsProp);
            case "adagrad":
                var adaGrad = new AdaGrad { LearningRate = rate, WeightDecay = decay };
                adaGrad.Epsilon = (float?)settings.Epsilon ?? adaGrad.Epsilon;
                return Steps(adaGrad);
            default:
                throw new ArgumentException($"An optimizer of kind {settings.Kind} is not known");
        }

        float[] Steps<TOptimizer>(TOptimizer optimizer) where TOptimizer : struct, IOptimizer =>
            [.. run.Losses.Select(_ => network.TrainStep(golden.X, golden.Y, ref optimizer))];
    }
}
