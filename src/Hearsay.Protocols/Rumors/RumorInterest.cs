namespace Hearsay;

/// <summary>How a node loses interest in a rumor.</summary>
public enum RumorInterest
{
    /// <summary>After k cycles in a row with unnecessary contacts only.</summary>
    Counter,

    /// <summary>With probability 1/k after each such cycle. Spreads the ends over time, so t_last grows.</summary>
    Coin,
}
