using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;

namespace Hearsay.Protocols.Broadcast;

/// <content>A node that leaves hands over what it published, and one that stays says what it lacks.</content>
internal sealed partial class BroadcastProtocol : IDepartureHost
{
    private Departure _departure = null!;
    private LackingMessages _lacking = null!;

    /// <inheritdoc/>
    bool IDepartureHost.HasWaitingPublishes => !_publishes.IsEmpty;

    /// <inheritdoc/>
    bool IDepartureHost.MayMeetSomebody => _context!.IsJoining || _context.Peers.TryGetPeer(out _);

    /// <inheritdoc/>
    void IDepartureHost.RefuseWaitingPublishes()
    {
        while (!_publishes.IsEmpty)
        {
            Counters.PublishesRefused++;
            _publishes.Take().Done?.Invoke(PublishOutcome.Leaving, default);
        }
    }

    /// <inheritdoc/>
    void IDepartureHost.SendWhatIsHeldBack()
    {
        FlushAnnouncements();
        _reach.Flush();
        _store.Expire(Now);
    }

    /// <inheritdoc/>
    (SourceKey Source, ulong Last) IDepartureHost.Own(bool isRepaired) =>
        isRepaired ? (_self, _sequence) : (_self.Unrepaired, _unrepairedSequence);

    /// <inheritdoc/>
    void IDepartureHost.NoteSent(int slot) => _neighbours.Sent(slot);

    /// <inheritdoc/>
    TimeSpan IDepartureHost.RoundTrip(int slot) => RoundTrip(slot);

    private void BeginHandOver(HandOverCommand command)
    {
        if (_departure.HasBegun)
        {
            command.Done([]);
            return;
        }

        _reach.BeginLeaving();
        _departure.Begin(command);
    }

    private bool TakeFarewell(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length < 1 + SourceKey.SizeBytes + LackingMessages.RangeBytes || slot < 0)
        {
            return false;
        }

        _reach.LeaveLink(slot);
        _departure.OnFarewell(slot);
        if (!IsFirstOfKind(BroadcastFrame.Farewell) || !_links[slot].MayCompare(Now))
        {
            Counters.AnswersRefused++;
            return true;
        }

        var reader = new WireReader(body);
        var wasAsked = reader.ReadByte() == Departure.AskedBefore;
        var key = SourceKey.Read(ref reader);
        var range = reader.Rest[..LackingMessages.RangeBytes];
        if (wasAsked && !IsOwn(key))
        {
            Fetch(slot, key, range, MaximumFetch, asks: true);
        }

        SendLacking(slot, key, range);
        return true;
    }

    /// <summary>Tells which of the messages named are not whole here.</summary>
    private void SendLacking(int slot, in SourceKey key, ReadOnlySpan<byte> range)
    {
        Span<byte> body = stackalloc byte[BroadcastFrame.MaximumBodyBytes];
        var writer = new WireWriter(body);
        writer.WriteByte(0);
        key.Write(ref writer);
        var isAll = _lacking.Write(ref writer, key, range);
        writer.Patch(0, (byte)((_departure.HasBegun ? Departure.LeavesToo : 0) | (isAll ? 0 : Departure.LacksMore)));
        SendControl(slot, BroadcastFrame.Lacking, writer.Written);
    }
}
