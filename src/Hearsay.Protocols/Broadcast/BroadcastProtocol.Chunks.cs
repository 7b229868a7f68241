using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// What broadcast lends to the transfer of large messages: its links, and what becomes of a message. All of a message
/// that is here is announced, so that neighbours may ask for it, and need not send it.
/// </content>
internal sealed partial class BroadcastProtocol : ITransferHost<LargeMessage>
{
    /// <inheritdoc/>
    Instant ITransferHost<LargeMessage>.Now => Now;

    /// <inheritdoc/>
    uint ITransferHost<LargeMessage>.Up => _neighbours.Up;

    /// <inheritdoc/>
    int ITransferHost<LargeMessage>.HeadBytes => BroadcastFrame.LinkBytes;

    /// <inheritdoc/>
    TimeSpan ITransferHost<LargeMessage>.RoundTrip(int slot) => RoundTrip(slot);

    /// <inheritdoc/>
    bool ITransferHost<LargeMessage>.TrySendChunk(int slot, Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt64BigEndian(frame, _neighbours.LinkNumber(slot));
        return _context!.Send(_neighbours[slot], BroadcastFrame.Chunk, frame);
    }

    /// <inheritdoc/>
    void ITransferHost<LargeMessage>.Send(int slot, TransferAnswer kind, ReadOnlySpan<byte> body)
    {
        Counters.PullsRefused += kind == TransferAnswer.Gone ? 1 : 0;
        SendControl(slot, kind switch
        {
            TransferAnswer.Want => BroadcastFrame.WantChunks,
            TransferAnswer.Lacking => BroadcastFrame.NoChunks,
            _ => BroadcastFrame.Gone,
        }, body);
    }

    /// <inheritdoc/>
    bool ITransferHost<LargeMessage>.MayAnswer(int slot, int bytes) => MayAnswer(slot, bytes);

    /// <inheritdoc/>
    bool ITransferHost<LargeMessage>.MayFeed(int slot, int chunks) => _links[slot].MayFeed(Now, chunks);

    /// <inheritdoc/>
    bool ITransferHost<LargeMessage>.MustKeep(LargeMessage body) => IsOnlyHere(body);

    /// <inheritdoc/>
    void ITransferHost<LargeMessage>.OnWhole(LargeMessage body)
    {
        TellWhole(body);
        DeliverLarge(body);
    }

    /// <inheritdoc/>
    void ITransferHost<LargeMessage>.OnGivenUp(LargeMessage body)
    {
        MessageFrame.TryRead(body.Frame, out var frame);
        var lost = new LostLarge(body.Name, frame, body.AgeThen, new Instant(body.Received), body.IsProven);
        TryLater(lost, body.TotalBytes);
    }

    private bool IsWholeHere(in BroadcastId id) => TryFindLarge(id, out var large) && large.IsWhole;

    /// <summary>All of a message is here: neighbours may ask for it, and need not send it.</summary>
    private void TellWhole(LargeMessage large) =>
        Announce(large.Name, AnnouncementOf(large), _neighbours.Up & ~large.Providers.Holders, pullAtOnce: false);

    private void AnnounceAlone(LargeMessage large, int slot)
    {
        Span<byte> body = stackalloc byte[BroadcastFrame.HaveBytes];
        large.Name.Write(body);
        body[BroadcastId.SizeBytes] = AnnouncementOf(large);
        BinaryPrimitives.WriteUInt16BigEndian(body[(BroadcastId.SizeBytes + 1)..], SequenceOf(large.Name));
        Counters.AnnouncementsSent++;
        SendControl(slot, BroadcastFrame.Have, body);
    }

    private static byte AnnouncementOf(LargeMessage large)
    {
        MessageFrame.TryRead(large.Frame, out var frame);
        var hops = Math.Min(frame.Hops + 1, BroadcastFrame.MaximumHops);
        return (byte)(hops | (large.IsWhole ? BroadcastFrame.Whole : 0));
    }
}
