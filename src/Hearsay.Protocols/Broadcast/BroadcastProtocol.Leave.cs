using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;

namespace Hearsay.Protocols.Broadcast;

/// <content>A node that leaves hands over what it published, and one that stays says what it lacks.</content>
internal sealed partial class BroadcastProtocol : ILeavingHost
{
    private Leaving _leaving = null!;
    private LackingMessages _lacking = null!;

    /// <inheritdoc/>
    bool ILeavingHost.HasWaitingPublishes => !_publishes.IsEmpty;

    /// <inheritdoc/>
    bool ILeavingHost.MayMeetSomebody => _context!.IsJoining || _context.Peers.TryGetPeer(out _);

    /// <inheritdoc/>
    void ILeavingHost.RefuseWaitingPublishes()
    {
        while (!_publishes.IsEmpty)
        {
            Counters.PublishesRefused++;
            _publishes.Take().Done?.Invoke(PublishOutcome.Leaving, default);
        }
    }

    /// <inheritdoc/>
    void ILeavingHost.SendWhatIsHeldBack()
    {
        FlushAnnouncements();
        _reach.Flush();
        _store.Expire(Now);
    }

    /// <inheritdoc/>
    (SourceKey Source, ulong Last) ILeavingHost.Own(bool isRepaired) =>
        isRepaired ? (_self, _sequence) : (_self.Unrepaired, _unrepairedSequence);

    /// <inheritdoc/>
    void ILeavingHost.NoteSent(int slot) => _neighbours.Sent(slot);

    /// <inheritdoc/>
    TimeSpan ILeavingHost.RoundTrip(int slot) => RoundTrip(slot);

    private void BeginHandOver(HandOverCommand command)
    {
        if (_leaving.HasBegun)
        {
            command.Done([]);
            return;
        }

        _reach.BeginLeaving();
        _leaving.Begin(command);
    }

    private bool TakeFarewell(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length < 1 + SourceKey.SizeBytes + LackingMessages.RangeBytes || slot < 0)
        {
            return false;
        }

        _reach.LeaveLink(slot);
        _leaving.OnFarewell(slot);
        if (!IsFirstOfKind(BroadcastFrame.Farewell) || !_links[slot].MayCompare(Now))
        {
            Counters.AnswersRefused++;
            return true;
        }

        var reader = new WireReader(body);
        var wasAsked = reader.ReadByte() == Leaving.AskedBefore;
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
        writer.Patch(0, (byte)((_leaving.HasBegun ? Leaving.LeavesToo : 0) | (isAll ? 0 : Leaving.LacksMore)));
        SendControl(slot, BroadcastFrame.Lacking, writer.Written);
    }
}
