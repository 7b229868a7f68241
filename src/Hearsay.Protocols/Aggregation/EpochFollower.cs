namespace Hearsay.Protocols;

/// <summary>
/// How a protocol that asks nobody finds the epoch of the others: it listens, believes the one in the middle of three
/// senders, and if for some cycles nobody says anything it begins the first. Afterwards <see cref="EpochClock"/>
/// decides whom to follow.
/// </summary>
internal sealed class EpochFollower(AggregationOptions options)
{
    /// <summary>After so many cycles with fewer than three senders a node believes those it heard, or begins.</summary>
    private const int Patience = 4;

    private readonly EpochHearsay _heard = new();
    private int _joinCycles;

    /// <summary>The epoch.</summary>
    public EpochClock Clock { get; } = new(options);

    /// <summary>Whether messages may be sent in it: the node knows it, and it is not about to end.</summary>
    public bool IsOpen(Instant now) => Clock.Phase != EpochPhase.Joining
        && Clock.Elapsed(now) < Clock.Length - (options.SettleCycles * options.CycleTime);

    /// <summary>Forgets the epoch.</summary>
    public void Leave()
    {
        Clock.Rejoin();
        _heard.Clear();
        _joinCycles = 0;
    }

    /// <summary>Judges a message's epoch, and listens while joining. <see cref="EpochVerdict.Ahead"/> is to be followed
    /// by <see cref="EpochClock.Jump"/>.</summary>
    /// <returns>Stale while the node does not know the epoch.</returns>
    public EpochVerdict Judge(NodeId from, in AggregationHeader header, Instant now)
    {
        if (Clock.Phase == EpochPhase.Joining)
        {
            if (header.Epoch > 0)
            {
                _heard.Add(from, header.Epoch, header.Elapsed, now);
            }

            return EpochVerdict.Stale;
        }

        var verdict = Clock.Judge(header.Epoch, now);
        if (verdict == EpochVerdict.Same)
        {
            Clock.Align(header.Elapsed, now);
        }

        return verdict;
    }

    /// <summary>A cycle of a node that does not know the epoch.</summary>
    /// <returns>Whether it knows it now.</returns>
    public bool TryJoin(Instant now)
    {
        _joinCycles++;
        if (_heard.Count == EpochHearsay.Wanted || (_heard.Count > 0 && _joinCycles > Patience))
        {
            var (epoch, elapsed) = _heard.Middle(now);
            Clock.Join(epoch, elapsed, now);
        }
        else if (_joinCycles > Patience)
        {
            Clock.Begin(now);
        }

        return Clock.Phase != EpochPhase.Joining;
    }
}
