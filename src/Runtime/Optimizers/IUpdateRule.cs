using Backprop.Numerics;

namespace Backprop.Optimizers;

/// <summary>An optimizer's rule for one vector of parameters, each on its own, with its constants in lanes.</summary>
/// <typeparam name="TLanes">The vector.</typeparam>
internal interface IUpdateRule<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>The parameters after the step; what the rule remembers of them is brought up to date.</summary>
    /// <param name="w">The parameters.</param>
    /// <param name="g">Their gradient.</param>
    /// <param name="first">The state's first float for the first parameter of the run, null where there is no such state.</param>
    /// <param name="second">Its second.</param>
    /// <param name="index">The vector's place in the run.</param>
    TLanes Next(TLanes w, TLanes g, ref float first, ref float second, int index);
}
