using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Reach;

/// <summary>What a node that leaves knows of who has what it published.</summary>
/// <param name="source">What it published as.</param>
/// <param name="first">The first sequence it still holds; with none to hand over one more than the last.</param>
/// <param name="last">The last.</param>
/// <param name="until">When it gives up at the latest.</param>
/// <param name="now">The moment.</param>
/// <param name="done">Takes the names of what nobody is known to have.</param>
internal sealed class HandOver(
    SourceKey source, ulong first, ulong last, Instant until, Instant now, Action<IReadOnlyList<BroadcastId>> done)
{
    /// <summary>
    /// So long nothing may get on: a dead neighbour is found and another one takes its place in less.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly List<(ulong First, ulong Last)> _lacking = first <= last ? [(first, last)] : [];
    private ulong _lackingCount = last + 1 - first;
    private Instant _progress = now;
    private long _sent;

    public SourceKey Source => source;

    public ulong First => first;

    public ulong Last => last;

    public Action<IReadOnlyList<BroadcastId>> Done => done;

    /// <summary>Whether a neighbour that stays has all, or there is nothing to hand over.</summary>
    public bool IsDone { get; private set; } = first > last;

    /// <summary>Whether one has all that leaves too; it counts where nobody else is there.</summary>
    public bool IsWithLeaver { get; private set; }

    /// <summary>When it is given up.</summary>
    public Instant GivesUpAt => Instant.Min(until, _progress + Patience);

    /// <summary>What the neighbour that lacks least lacks.</summary>
    public IReadOnlyList<(ulong First, ulong Last)> Lacking => _lacking;

    /// <summary>How often it was asked.</summary>
    public int Rounds { get; set; }

    /// <summary>Notes how many chunks were sent so far: it gets on as long as they are fetched.</summary>
    public void NoteSent(long chunks, Instant at)
    {
        _progress = chunks != _sent ? at : _progress;
        _sent = chunks;
    }

    /// <summary>A link came up.</summary>
    public void NoteLink(Instant at) => _progress = at;

    /// <summary>A neighbour told what it lacks.</summary>
    /// <param name="ranges">Start 8, further numbers 4, for each range.</param>
    /// <param name="isAll">Whether it lacks no more than that.</param>
    /// <param name="leaves">Whether it leaves too.</param>
    /// <param name="at">The moment.</param>
    public void NoteLacking(ReadOnlySpan<byte> ranges, bool isAll, bool leaves, Instant at)
    {
        var count = isAll ? 0 : 1UL;
        for (var reader = new WireReader(ranges); !reader.Rest.IsEmpty;)
        {
            reader.ReadUInt64();
            count += reader.ReadUInt32() + 1UL;
        }

        IsDone |= count == 0 && !leaves;
        IsWithLeaver |= count == 0;
        if (count >= _lackingCount)
        {
            return;
        }

        (_lackingCount, _progress) = (count, at);
        _lacking.Clear();
        for (var reader = new WireReader(ranges); !reader.Rest.IsEmpty;)
        {
            var start = Math.Clamp(reader.ReadUInt64(), first, last);
            _lacking.Add((start, Math.Min(last, start + reader.ReadUInt32())));
        }
    }
}
