namespace Hearsay.Protocols;

/// <summary>
/// Follows the share of messages that had to be asked for, and says whether that is high: from a quarter up, until it
/// is down to a fiftieth. A second parent makes it fall, but not that far.
/// </summary>
internal sealed class LossEstimator
{
    private const double Weight = 1.0 / 16;
    private const double High = 0.25;
    private const double Low = 0.02;

    public double Share { get; private set; }

    public bool IsHigh { get; private set; }

    /// <summary>A message that was asked for came by itself after all: it was late, not lost.</summary>
    public void TakeBack() => Share = Math.Max(0, Share - Weight);

    public void Add(bool wasPulled)
    {
        Share += ((wasPulled ? 1 : 0) - Share) * Weight;
        IsHigh = Share >= High || (IsHigh && Share > Low);
    }
}
