namespace Backprop;

/// <summary>Work in pieces that can be done in any order and at once.</summary>
internal interface IDividedWork
{
    /// <summary>Does one piece.</summary>
    /// <param name="piece">The piece, from 0.</param>
    /// <param name="worker">The thread that does it, from 0: what belongs to a worker is used by one piece at a time.</param>
    void Do(int piece, int worker);
}
