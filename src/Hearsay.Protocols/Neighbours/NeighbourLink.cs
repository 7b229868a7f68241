using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Neighbours;

/// <summary>One slot of the active view: who sits in it and when it was heard.</summary>
internal sealed class NeighbourLink
{
    /// <summary>A stamp is the number of a bout of probes and, in its lowest bits, of the try.</summary>
    private const int TryBits = 3;

    private Instant _boutAt;
    private uint _bout;

    /// <summary>Who it is.</summary>
    public Peer Peer { get; private set; }

    /// <summary>The link's number; both sides have the same.</summary>
    public ulong Number { get; private set; }

    /// <summary>When it came up.</summary>
    public Instant UpAt { get; private set; }

    /// <summary>When the peer was last heard.</summary>
    public Instant HeardAt { get; private set; }

    /// <summary>When it is probed next, or given up.</summary>
    public Instant CheckAt { get; set; }

    /// <summary>The probes of this bout that are without an answer.</summary>
    public int Tries { get; private set; }

    /// <summary>Whether something was sent since it was last heard.</summary>
    public bool IsExpected { get; set; }

    /// <summary>The waits and round trips of this link.</summary>
    public RoundTripEstimator RoundTrip { get; private set; } = null!;

    /// <summary>The time between the tries of this bout.</summary>
    public TimeSpan Interval { get; private set; }

    /// <summary>Somebody takes the slot.</summary>
    public void Open(in Peer peer, ulong number, RoundTripEstimator roundTrip, Instant now)
    {
        (Peer, Number, RoundTrip, UpAt) = (peer, number, roundTrip, now);
        (Tries, IsExpected, _bout) = (0, false, (uint)number);
    }

    /// <summary>Nobody sits here any more.</summary>
    public void Close() => (Peer, Number) = (default, 0);

    /// <summary>The peer lives; it is probed after a silence.</summary>
    public void Heard(Instant now, TimeSpan silence)
    {
        (HeardAt, CheckAt) = (now, now + silence);
        (Tries, IsExpected) = (0, false);
    }

    /// <summary>The stamp of the next try.</summary>
    public uint NextTry(Instant now)
    {
        if (Tries == 0)
        {
            (_bout, _boutAt, Interval) = (_bout + 1, now, RoundTrip.Timeout);
        }

        return (_bout << TryBits) | (uint)Tries++;
    }

    /// <summary>An answer came: the round trip since the very try it names. Tries are one interval apart.</summary>
    public void Answered(uint stamp, Instant now)
    {
        var tried = (int)(stamp & ((1 << TryBits) - 1));
        if (stamp >> TryBits == (_bout << TryBits) >> TryBits && tried < Tries)
        {
            RoundTrip.Measured(now - (_boutAt + (tried * Interval)));
        }
    }
}
