namespace Hearsay.Exercises;

/// <summary>Exercise 3: a node that agrees on the average with others, over a network that loses and repeats.</summary>
public interface IAveragingNode
{
    /// <summary>What the node takes the average for.</summary>
    double Value { get; }

    /// <summary>The node begins, with its own number.</summary>
    /// <param name="number">The number.</param>
    void Begin(double number);

    /// <summary>The node begins an exchange, or asks again because no answer came.</summary>
    /// <param name="exchange">The number of the exchange; the same when it asks again.</param>
    /// <returns>What is sent to the other.</returns>
    double Ask(long exchange);

    /// <summary>Another node asks.</summary>
    /// <param name="exchange">The number of its exchange; each exchange of each node has its own.</param>
    /// <param name="asked">What it sent.</param>
    /// <returns>What is sent back. What the number means is between your nodes.</returns>
    double Answer(long exchange, double asked);

    /// <summary>An answer came, perhaps not for the first time.</summary>
    /// <param name="exchange">The number of the exchange.</param>
    /// <param name="answered">What was sent back.</param>
    void Hear(long exchange, double answered);
}
