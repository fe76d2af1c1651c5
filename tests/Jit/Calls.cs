namespace Backprop.Jit;

/// <summary>Calls of a network.</summary>
internal static class Calls
{
    /// <summary>Calls each member that computes, on one sample, on two, on a few, on more than fill a vector, and on a full slice.</summary>
    public static void OfEveryMember<TNetwork>() where TNetwork : class, INetwork<TNetwork>
    {
        TNetwork network = TNetwork.Create(seed: 1);
        var momentum = new Sgd { Momentum = 0.9f };
        foreach (int samples in (int[])[1, 2, 3, 20, 64])
        {
            float[] x = new float[samples * TNetwork.InputSize], t = new float[samples * TNetwork.OutputSize], y = new float[t.Length];
            t.AsSpan().Fill(0.5f);
            network.Forward(x, y);
            network.ComputeLoss(x, t);
            network.Backward(x, t, new float[TNetwork.ParameterCount], new float[x.Length]);
            network.TrainStep(x, t, 0.01f);
            network.TrainStep(x, t, ref momentum);
        }
    }
}
