namespace Hearsay.Features.Aggregates;

/// <summary>
/// Whether the estimate of an epoch under way is good enough. Nodes that have no value agree with whoever tells them
/// one, so that a small error alone proves nothing: it has to hold, with the value, for some cycles.
/// </summary>
/// <param name="share">How large the error may be as a share of the value.</param>
internal sealed class SettledEstimate(double share)
{
    /// <summary>After so many cycles a value that one node has is spread over networks of thousands.</summary>
    private const int Cycles = 5;

    private AggregateEstimate _first;
    private int _count;

    /// <summary>Takes the next estimate.</summary>
    /// <returns>Whether it is of a whole epoch, or good enough.</returns>
    public bool Take(in AggregateEstimate estimate)
    {
        if (estimate is { IsFinal: true, IsReady: true })
        {
            return true;
        }

        var most = share * Math.Abs(estimate.Value);
        if (!estimate.IsReady || !(estimate.Error <= most))
        {
            _count = 0;
            return false;
        }

        if (_count == 0 || estimate.Epoch != _first.Epoch || !(Math.Abs(estimate.Value - _first.Value) <= most))
        {
            (_first, _count) = (estimate, 0);
        }

        return ++_count >= Cycles;
    }
}
