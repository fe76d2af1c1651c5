using Backprop.Numerics;

namespace Backprop.Optimizers;

/// <summary>An update that treats every parameter on its own, written once for every vector width.</summary>
internal interface IElementwiseUpdate
{
    /// <summary>Updates a run of parameters.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    /// <param name="parameters">The first of the parameters.</param>
    /// <param name="offset">Its place in the parameter buffer, by which state is found.</param>
    /// <param name="gradient">Their gradient, whose rows are whole vectors.</param>
    void Update<TLanes>(ref float parameters, int offset, OuterProduct gradient) where TLanes : struct, ILanes<TLanes>;
}
