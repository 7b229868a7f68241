using Hearsay.Protocols;

namespace Hearsay.Learning.Exchange;

/// <summary>
/// Who sent models in this period: a node sends one a period to a random peer, so that a peer that sends many to the
/// same node does not keep to it.
/// </summary>
internal sealed class SendersOfPeriod(int limit)
{
    /// <summary>More senders than that in a period are no coincidence.</summary>
    public const int Capacity = 64;

    private readonly NodeId[] _senders = new NodeId[Capacity];
    private readonly int[] _counts = new int[Capacity];
    private int _known;

    /// <summary>
    /// How many models of one peer are taken in a period. Without tokens two, because clocks differ; with tokens a
    /// burst as well.
    /// </summary>
    public static int LimitOf(LearningOptions options) =>
        2 + (options.Tokens == TokenPolicy.None ? 0 : options.TokenCapacity);

    /// <summary>A period begins.</summary>
    public void Clear() => _known = 0;

    /// <summary>Counts a model of a peer. Returns whether it may be taken.</summary>
    public bool TryCount(in NodeId sender)
    {
        var place = _senders.AsSpan(0, _known).IndexOf(sender);
        if (place < 0)
        {
            if (_known == Capacity)
            {
                return false;
            }

            place = _known++;
            (_senders[place], _counts[place]) = (sender, 0);
        }

        return ++_counts[place] <= limit;
    }
}
