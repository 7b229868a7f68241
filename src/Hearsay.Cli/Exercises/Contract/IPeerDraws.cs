namespace Hearsay.Exercises;

/// <summary>Exercise 2: draws from a view that repeat nobody before all have had their turn.</summary>
public interface IPeerDraws
{
    /// <summary>Draws a peer.</summary>
    /// <param name="view">Whom the node knows at this moment; it may be others each time.</param>
    /// <param name="random">Where chance decides.</param>
    /// <returns>One of the view; null if it is empty.</returns>
    int? Draw(IReadOnlyList<int> view, Random random);
}
