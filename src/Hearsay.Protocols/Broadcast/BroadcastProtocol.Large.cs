using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// Large messages. The manifest spreads like any message; the chunks are the matter of <see cref="Transfers{TBody}"/>.
/// A node requests the chunks that do not follow it from neighbours that had the manifest earlier. A neighbour that
/// does not have a chunk yet sends it as soon as it arrives.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>The most large messages being received at once.</summary>
    private const int MaximumReceiving = 256;

    private readonly Transfers<LargeMessage> _transfers;

    internal int LargeCount => _transfers.Room.Count;

    internal long LargeRoomBytes => _transfers.Room.Bytes;

    internal IReadOnlyList<LargeMessage> Large => _transfers.Room.Bodies;

    private static TransferOptions OptionsOfLarge(BroadcastOptions options) => new()
    {
        RoomBytes = options.LargeBytes, Places = MaximumReceiving, Timeout = options.LargeTimeout,
        Retention = options.Retention, IdleTick = options.RepairInterval,
    };

    private bool TryFindLarge(in BroadcastId id, out LargeMessage large) =>
        _transfers.TryFind(LargeMessage.KeyOf(id), out large!);

    private PublishOutcome PublishLarge(
        byte kind, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> trace, bool isRepaired,
        out BroadcastId id)
    {
        id = default;
        if (!HasRoomFor(payload.Length) || !_transfers.Room.MakeRoom(TransferBody.RoomFor(payload.Length), null))
        {
            return PublishOutcome.NoRoom;
        }

        kind |= MessageFrame.Large;
        var outcome = Publish(
            kind, topic, TransferManifest.Make(payload, _options.ChunkBytes), trace, isRepaired, out id);
        TryFindLarge(id, out var large);
        _transfers.Fill(large, payload.ToArray());
        DeliverLarge(large);
        return outcome;
    }

    private LargeMessage? TakeManifest(
        in BroadcastId id, scoped in MessageFrame frame, int slot, in MissingMessage missing)
    {
        TransferManifest.TryRead(frame.Payload, LargeMessage.LongestBytes, out var manifest);
        var isReceived = !IsOwn(frame.Source);
        if (isReceived && !_transfers.Room.MakePlace(manifest.TotalBytes))
        {
            Counters.LargeRefused++;
            _store.TryFind(id, out var refused);
            TryLater(new LostLarge(id, frame, _store[refused].AgeThen, Now, hadChunks: false), manifest.TotalBytes);
            return null;
        }

        _store.TryFind(id, out var place);
        var earlier = missing.Announcers | (slot >= 0 ? 1u << slot : 0);
        var large = Begin(id, frame, _store[place].AgeThen, earlier, isReceived);
        for (var rest = missing.Holders; rest != 0; rest &= rest - 1)
        {
            large.Providers.NoteHolds(BitOperations.TrailingZeroCount(rest));
        }

        if (slot >= 0 && (frame.Flags & MessageFrame.Whole) != 0)
        {
            large.Providers.NoteHolds(slot);
        }

        return large;
    }

    private LargeMessage Begin(
        in BroadcastId id, scoped in MessageFrame frame, long age, uint earlier, bool isReceived,
        bool hadChunks = false)
    {
        var large = LargeMessage.Of(id, frame, age, Now, _options.Retention, earlier, !isReceived, hadChunks);
        _transfers.Begin(large);
        return large;
    }

    private bool TakeWantChunks(int slot, ReadOnlySpan<byte> body)
    {
        if (slot < 0 || !TransferFrame.IsWant(body))
        {
            return false;
        }

        if (!IsFirstOfKind(BroadcastFrame.WantChunks))
        {
            Counters.AnswersRefused++;
            return true;
        }

        return _transfers.TakeWant(slot, body);
    }

    private bool TakeNoChunks(int slot, ReadOnlySpan<byte> body)
    {
        if (slot < 0 || !TransferFrame.IsList(body))
        {
            return false;
        }

        _transfers.TakeLacking(slot, body);
        return true;
    }

    private bool TakeChunk(int slot, ReadOnlySpan<byte> body)
    {
        if (!TransferFrame.TryReadChunk(body, out var key, out var chunk, out var bytes))
        {
            return false;
        }

        if (!_transfers.TryTake(key, slot, chunk, bytes))
        {
            OnEarlyChunk(BroadcastId.Read(body), slot, chunk, bytes);
        }

        return true;
    }

    private void DeliverLarge(LargeMessage large)
    {
        if (_store.TryFind(large.Name, out var place))
        {
            _store[place].IsWhole = true;
        }

        MessageFrame.TryRead(large.Frame, out var frame);
        Deliver(
            large.Name, frame, large.Data, large.AgeThen + Now.Ticks - large.Received,
            new HeldPayload(large.Data, null));
    }
}
