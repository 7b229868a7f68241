using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>What a node knows of one source: its place in the source's tree and the sequences it has seen.</summary>
internal sealed class BroadcastSource
{
    private static readonly Instant s_longAgo = new(long.MinValue);

    public SourceKey Key;

    /// <summary>The neighbours that get every message of the source with its payload, by slot.</summary>
    public uint Children;

    /// <summary>The neighbours that send every message of the source with its payload, by slot.</summary>
    public uint Parents;

    /// <summary>The slot that was better than the parents lately, or -1.</summary>
    public int Rival;

    /// <summary>How often in a row.</summary>
    public int Wins;

    /// <summary>When the parent was changed last for one that was better.</summary>
    public Instant RewiredAt;

    /// <summary>So many misses say that the tree is broken here; fewer may be packets that were lost.</summary>
    public const int Broken = 3;

    /// <summary>How many messages in a row had to be asked for.</summary>
    public int Misses;

    /// <summary>The highest sequence that a parent pushed.</summary>
    public ulong PushedTo;

    /// <summary>When a parent pushed last.</summary>
    public Instant PushedAt;

    /// <summary>The place of the message of it that came first of those held, or -1.</summary>
    public long OldestHeld;

    /// <summary>The place of the one that came last, if any is held.</summary>
    public long NewestHeld;

    /// <summary>About the lowest sequence that is held.</summary>
    public ulong HeldFrom;

    /// <summary>Sequences up to here came long enough ago for neighbours to have them too.</summary>
    public ulong Settled;

    /// <summary>
    /// The highest sequence whose name is forgotten. Only up to here do the ranges say what a replay is; above it the
    /// names do, which know better when gaps were given up.
    /// </summary>
    public ulong ForgottenTo;

    /// <summary>The highest sequence seen; it becomes settled some time after <c>_highestSince</c>.</summary>
    private ulong _highest;

    private Instant _highestSince;

    /// <summary>The list from the most to the least recently heard source.</summary>
    public BroadcastSource? Newer;

    /// <summary>The same list, the other way.</summary>
    public BroadcastSource? Older;

    /// <summary>What is missing of it.</summary>
    public SourceGaps Gaps;

    /// <summary>The sequences delivered, and those given up.</summary>
    public SequenceRanges Known { get; } = new();

    public void Reset(in SourceKey key)
    {
        (Key, Children, Parents, Rival, Wins) = (key, 0, 0, -1, 0);
        (OldestHeld, NewestHeld, HeldFrom) = (-1, -1, 0);
        (Misses, Gaps, PushedTo, PushedAt, RewiredAt) = (0, default, 0, Instant.Zero, s_longAgo);
        (Settled, ForgottenTo, _highest, _highestSince) = (0, 0, 0, Instant.Zero);
        Known.Clear();
    }

    /// <summary>A sequence was seen, or time has passed.</summary>
    public void Settle(Instant now, TimeSpan after, ulong sequence = 0)
    {
        if (now - _highestSince >= after)
        {
            (Settled, _highestSince) = (_highest, now);
        }

        _highest = Math.Max(_highest, sequence);
    }

    /// <summary>A message was pushed here.</summary>
    public void NotePush(int slot, ulong sequence, Instant now)
    {
        if ((Parents & (1u << slot)) != 0)
        {
            (PushedTo, PushedAt) = (Math.Max(PushedTo, sequence), now);
        }
    }

    public void Forget(uint slot)
    {
        Children &= ~slot;
        Parents &= ~slot;
        if (Rival >= 0 && slot == 1u << Rival)
        {
            (Rival, Wins) = (-1, 0);
        }
    }
}
