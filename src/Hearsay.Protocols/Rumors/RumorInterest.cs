namespace Hearsay;

/// <summary>The rule by which a node loses interest in a rumor.</summary>
public enum RumorInterest
{
    /// <summary>The node loses interest after k cycles in a row in which all contacts were unnecessary.</summary>
    Counter,

    /// <summary>
    /// The node loses interest with probability 1/k after each such cycle. The ends are spread over time, so t_last
    /// grows.
    /// </summary>
    Coin,
}
