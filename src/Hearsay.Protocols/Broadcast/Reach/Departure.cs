using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast.Reach;

/// <summary>
/// A node that leaves asks its neighbours whether they have the messages that it published, until one that stays has
/// them all. A push proves nothing, and a message that no other node has is lost with this one.
/// </summary>
/// <remarks>
/// The node asks about its own messages only, since others have the messages that came from others. It asks all
/// neighbours at once first, while recent messages may still be on their way. A neighbour that is asked again requests
/// the messages that it lacks.
/// </remarks>
/// <param name="counters">What it counts.</param>
/// <param name="host">The node and its links.</param>
/// <param name="store">The messages.</param>
internal sealed class Departure(BroadcastCounters counters, IDepartureHost host, MessageStore store)
{
    /// <summary>A flag of Farewell: this neighbour was asked before.</summary>
    public const byte AskedBefore = 1;

    /// <summary>A flag of Lacking: who answers leaves too.</summary>
    public const byte LeavesToo = 1;

    /// <summary>A flag of Lacking: more is lacking than the answer has room for.</summary>
    public const byte LacksMore = 2;

    private static readonly TimeSpan LeastAskingAgain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestAskingAgain = TimeSpan.FromSeconds(1);

    private HandOver? _handOver;

    /// <summary>The command to hand over, while messages wait that were published before it.</summary>
    private HandOverCommand? _waiting;

    private Instant _drainedBy;

    /// <summary>The neighbours that said that they leave, by slot.</summary>
    private uint _leavers;

    /// <summary>Whether the node leaves: it publishes nothing more.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>When to call <see cref="Ask"/>.</summary>
    public Instant NextDue { get; private set; } = Instant.Never;

    /// <summary>The application leaves.</summary>
    public void Begin(HandOverCommand command)
    {
        (HasBegun, _waiting, _drainedBy) = (true, command, host.Now + (command.Limit / 2));
        BeginWhenDrained();
    }

    /// <summary>
    /// What the application published before goes out first, as the links take it. What they do not take in time is not
    /// published, and whoever waits for it is told.
    /// </summary>
    public void BeginWhenDrained()
    {
        if (_waiting is not { } command || (host.HasWaitingPublishes && host.Now < _drainedBy))
        {
            return;
        }

        _waiting = null;
        host.RefuseWaitingPublishes();
        HandOverBoth(command);
    }

    /// <summary>Asks every neighbour, and sets the time to ask again.</summary>
    public void Ask()
    {
        NextDue = Instant.Never;
        if (_handOver is not { } handOver)
        {
            return;
        }

        var longest = LeastAskingAgain;
        for (var rest = handOver.IsDone ? 0 : host.Up; rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            SendFarewell(slot, handOver);
            longest = 2 * host.RoundTrip(slot) > longest ? 2 * host.RoundTrip(slot) : longest;
        }

        handOver.Rounds++;
        handOver.NoteSent(counters.ChunksSent, host.Now);
        longest = longest < LongestAskingAgain ? longest : LongestAskingAgain;
        NextDue = Instant.Min(host.Now + longest, Instant.Max(host.Now, handOver.GivesUpAt));
        Check();
    }

    /// <summary>A link came up while the node leaves.</summary>
    public void AskOver(int slot)
    {
        if (_handOver is { } handOver)
        {
            handOver.NoteLink(host.Now);
            SendFarewell(slot, handOver);
        }
    }

    /// <summary>A neighbour leaves too.</summary>
    public void OnFarewell(int slot)
    {
        _leavers |= 1u << slot;
        Check();
    }

    /// <summary>A neighbour told what it lacks.</summary>
    /// <returns>Whether the frame could be read.</returns>
    public bool TakeLacking(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length < 1 + SourceKey.SizeBytes
            || (body.Length - 1 - SourceKey.SizeBytes) % LackingMessages.RangeBytes != 0 || slot < 0)
        {
            return false;
        }

        var reader = new WireReader(body);
        var flags = reader.ReadByte();
        _leavers |= (flags & LeavesToo) != 0 ? 1u << slot : 0;
        if (SourceKey.Read(ref reader) == _handOver?.Source)
        {
            _handOver.NoteLacking(reader.Rest, (flags & LacksMore) == 0, (flags & LeavesToo) != 0, host.Now);
            Check();
        }

        return true;
    }

    /// <summary>A link is gone, or another one took its slot.</summary>
    public void ForgetLink(int slot) => _leavers &= ~(1u << slot);

    /// <summary>Ends the handing over when somebody has all, nobody is there who could, or it takes too long.</summary>
    public void Check()
    {
        if (_handOver is not { } handOver)
        {
            return;
        }

        var nobodyStays = (host.Up & ~_leavers) == 0;
        var nobodyComes = host.Up == 0 && !host.MayMeetSomebody;
        if (!handOver.IsDone && !(handOver.IsWithLeaver && nobodyStays) && !nobodyComes
            && host.Now < handOver.GivesUpAt)
        {
            return;
        }

        (_handOver, NextDue) = (null, Instant.Never);
        var isWithSomebody = handOver.IsDone || handOver.IsWithLeaver;
        handOver.Done(isWithSomebody ? [] : NamesOf(handOver.Source, handOver.Lacking));
    }

    /// <summary>A method of its own: what it captures is allocated when it begins.</summary>
    private void HandOverBoth(HandOverCommand command)
    {
        host.SendWhatIsHeldBack();
        var until = host.Now + command.Limit;
        HandOverAll(isRepaired: true, until, repaired => HandOverAll(
            isRepaired: false, until, others => command.Done([.. repaired, .. others])));
    }

    /// <summary>Hands over all that is held of one of the two sources that this node publishes as.</summary>
    private void HandOverAll(bool isRepaired, Instant until, Action<IReadOnlyList<BroadcastId>> done)
    {
        var (source, last) = host.Own(isRepaired);
        var first = last + 1;
        while (first > 1 && store.TryFind(source, first - 1, out var place) && store.IsHeld(place, host.Now))
        {
            first--;
        }

        _handOver = new HandOver(source, first, last, until, host.Now, done);
        Ask();
    }

    private List<BroadcastId> NamesOf(in SourceKey source, IReadOnlyList<(ulong First, ulong Last)> ranges)
    {
        var names = new List<BroadcastId>();
        foreach (var (first, last) in ranges)
        {
            for (var sequence = first; sequence <= last; sequence++)
            {
                if (store.TryFind(source, sequence, out var place))
                {
                    names.Add(store[place].Id);
                }
            }
        }

        return names;
    }

    private void SendFarewell(int slot, HandOver handOver)
    {
        Span<byte> body = stackalloc byte[1 + SourceKey.SizeBytes + LackingMessages.RangeBytes];
        var writer = new WireWriter(body);
        writer.WriteByte(handOver.Rounds > 0 ? AskedBefore : (byte)0);
        handOver.Source.Write(ref writer);
        writer.WriteUInt64(handOver.First);
        writer.WriteUInt32((uint)Math.Min(handOver.Last - handOver.First, uint.MaxValue));
        host.SendControl(slot, BroadcastFrame.Farewell, writer.Written);
        host.NoteSent(slot);
    }
}
