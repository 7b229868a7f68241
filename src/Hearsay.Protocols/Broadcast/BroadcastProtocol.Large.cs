using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Transfer;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Broadcast;

/// <remarks>
/// A neighbour that announced a message before this node had it has had the message for longer. Nodes wait only for
/// such neighbours, so no two nodes wait for each other.
/// </remarks>
/// <content>
/// Large messages. The manifest spreads like any message. A node requests the chunks that do not follow it from
/// neighbours that had the manifest earlier. A neighbour that does not have a chunk yet sends it as soon as it arrives.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>The most large messages being received at once.</summary>
    private const int MaximumReceiving = 256;

    /// <summary>The most chunks in one request.</summary>
    private const int MaximumAsked = 64;

    /// <summary>What is before the bytes of a chunk: the number of the link, the name, the index.</summary>
    private const int ChunkHeadBytes = BroadcastFrame.LinkBytes + BroadcastId.SizeBytes + sizeof(ushort);

    private static readonly TimeSpan LargeTick = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a neighbour may send nothing of what it was asked before others are asked.</summary>
    private static readonly TimeSpan ChunkTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long nothing of a large message may come before it makes room for another: others were asked by then.
    /// </summary>
    private static readonly TimeSpan SilentTime = 3 * ChunkTimeout;

    private readonly Dictionary<BroadcastId, TransferBody> _large = [];

    /// <summary>All of them, the oldest first.</summary>
    private readonly List<TransferBody> _largeByAge = [];

    private Instant _largeAt = Instant.Never;

    internal int LargeCount => _large.Count;

    private PublishOutcome PublishLarge(
        byte kind, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> trace, out BroadcastId id)
    {
        id = default;
        var room = TransferBody.RoomFor(payload.Length);
        if (!MakeRoom(room, null))
        {
            return PublishOutcome.NoRoom;
        }

        kind |= MessageFrame.Large;
        var outcome = Publish(kind, topic, TransferManifest.Make(payload, _options.ChunkBytes), trace, out id);
        var large = _large[id];
        large.TakeAll(payload);
        TakeRoom(large, room);
        FeedWhatIsHere(large, large.Fed);
        DeliverLarge(large);
        return outcome;
    }

    private TransferBody? TakeManifest(
        in BroadcastId id, scoped in MessageFrame frame, int slot, in MissingMessage missing)
    {
        TransferManifest.TryRead(frame.Payload, out var manifest);
        var isReceived = frame.Source != _self;
        if (isReceived && !MakePlace(manifest.TotalBytes))
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

    private TransferBody Begin(
        in BroadcastId id, scoped in MessageFrame frame, long age, uint earlier, bool isReceived,
        bool hadChunks = false)
    {
        var large = new TransferBody(id, frame, age, Now, earlier) { IsOwn = !isReceived, HadChunks = hadChunks };
        _large.Add(id, large);
        _largeByAge.Add(large);
        _largeAt = Instant.Min(_largeAt, Now + LargeTick);
        if (isReceived)
        {
            _receiving++;
        }

        return large;
    }

    private bool TakeWantChunks(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length < BroadcastId.SizeBytes || body.Length % 2 != 0 || slot < 0
            || body.Length > BroadcastId.SizeBytes + (2 * MaximumAsked))
        {
            return false;
        }

        if (!IsFirstOfKind(BroadcastFrame.WantChunks))
        {
            Counters.AnswersRefused++;
            return true;
        }

        if (!_large.TryGetValue(BroadcastId.Read(body), out var large))
        {
            Counters.PullsRefused++;
            SendControl(slot, BroadcastFrame.Gone, body[..BroadcastId.SizeBytes]);
            return true;
        }

        Span<byte> lacking = stackalloc byte[BroadcastId.SizeBytes + (2 * MaximumAsked)];
        body[..BroadcastId.SizeBytes].CopyTo(lacking);
        var (length, last) = (BroadcastId.SizeBytes, -1);
        for (var list = body[BroadcastId.SizeBytes..]; !list.IsEmpty; list = list[2..])
        {
            int index = BinaryPrimitives.ReadUInt16BigEndian(list);
            var chunk = index & ~BroadcastFrame.OnlyNow;
            if (chunk >= large.Count || chunk <= last)
            {
                // In ascending order, so that none is named twice.
                return false;
            }

            last = chunk;
            if (large.Has(chunk))
            {
                if (MayAnswer(slot, ChunkHeadBytes + large.Chunk(chunk).Length))
                {
                    SendChunk(slot, large, chunk);
                }
            }
            else if (index == chunk)
            {
                large.Want(chunk, slot);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(lacking[length..], (ushort)chunk);
                length += 2;
            }
        }

        if (length > BroadcastId.SizeBytes && MayAnswer(slot, BroadcastFrame.LinkBytes + length))
        {
            SendControl(slot, BroadcastFrame.NoChunks, lacking[..length]);
        }

        return true;
    }

    /// <summary>Sends a chunk that is here, or remembers that it is owed where the link does not take it now.</summary>
    private void SendChunk(int slot, TransferBody large, int chunk)
    {
        if (!IsUp(slot))
        {
            return;
        }

        if ((_blocked & (1u << slot)) != 0 || !TrySendChunk(slot, large, chunk))
        {
            Owe(slot, large, chunk);
        }
    }

    private bool TrySendChunk(int slot, TransferBody large, int chunk)
    {
        var bytes = large.Chunk(chunk);
        Span<byte> body = _chunk ??= new byte[Envelope.MaximumStreamBytes];
        BinaryPrimitives.WriteUInt64BigEndian(body, _neighbours.LinkNumber(slot));
        large.Id.Write(body[BroadcastFrame.LinkBytes..]);
        BinaryPrimitives.WriteUInt16BigEndian(body[(ChunkHeadBytes - sizeof(ushort))..], (ushort)chunk);
        bytes.CopyTo(body[ChunkHeadBytes..]);
        var frame = body[..(ChunkHeadBytes + bytes.Length)];
        if (!_context!.Send(_neighbours[slot], BroadcastFrame.Chunk, frame))
        {
            return false;
        }

        Counters.ChunksSent++;
        Counters.ChunkBytesSent += bytes.Length;
        return true;
    }

    /// <summary>Where a chunk is put together with its head; made when the first one is sent.</summary>
    private byte[]? _chunk;

    private bool TakeChunk(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length <= BroadcastId.SizeBytes + 2)
        {
            return false;
        }

        int chunk = BinaryPrimitives.ReadUInt16BigEndian(body[BroadcastId.SizeBytes..]);
        var id = BroadcastId.Read(body);
        if (!_large.TryGetValue(id, out var large))
        {
            OnEarlyChunk(id, slot, chunk, body[(BroadcastId.SizeBytes + 2)..]);
        }
        else if (Put(large, slot, chunk, body[(BroadcastId.SizeBytes + 2)..]))
        {
            GoOn(large);
        }

        return true;
    }

    private bool Put(TransferBody large, int slot, int chunk, ReadOnlySpan<byte> bytes)
    {
        if (!large.Lacks(chunk, bytes))
        {
            Counters.ChunksRefused++;
            return false;
        }

        large.Unask(chunk);
        NoteChunk(large, slot);
        var room = large.MoreRoomFor(bytes.Length);
        if (!MakeRoom(room, large))
        {
            Counters.ChunksWithoutRoom++;
            large.Waits = true;
            return false;
        }

        TakeRoom(large, room);
        large.Take(chunk, bytes, Now);
        SendChunks(large.TakeWanters(chunk) & (slot >= 0 ? ~(1u << slot) : uint.MaxValue), large, chunk);
        return true;
    }

    private void GoOn(TransferBody large)
    {
        if (large.Missing > 0)
        {
            AskForChunks(large);
        }
        else
        {
            _receiving--;
            _receivedBytes -= large.RoomBytes;
            TellWhole(large);
            DeliverLarge(large);
        }
    }

    private void DeliverLarge(TransferBody large)
    {
        if (_store.TryFind(large.Id, out var place))
        {
            _store[place].IsWhole = true;
        }

        MessageFrame.TryRead(large.Frame, out var frame);
        Deliver(large.Id, frame, large.Data, large.AgeThen + Now.Ticks - large.Received);
    }

    /// <summary>Chunks that do not come are asked of others; what is too old, or makes no progress, goes.</summary>
    private void LookAfterLarge()
    {
        if (Now < _largeAt)
        {
            return;
        }

        for (var rest = _neighbours.Up; rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            _chunkTimes[slot].Patience = Math.Min(
                ChunkTimeout.Ticks, LeastChunkTime.Ticks + (4 * RoundTrip(slot).Ticks));
        }

        for (var i = 0; i < _largeByAge.Count;)
        {
            var large = _largeByAge[i];
            var stalled = large.Missing > 0 && Now - large.Progress > _options.LargeTimeout;
            if (stalled)
            {
                GiveUp(i);
            }
            else if (large.Missing == 0 && large.AgeThen + Now.Ticks - large.Received > _options.Retention.Ticks)
            {
                RemoveLarge(i);
            }
            else
            {
                if (large.Missing > 0)
                {
                    AskOthers(large);
                }

                i++;
            }
        }

        _largeAt = _largeByAge.Count == 0 ? Instant.Never
            : Now + (_receiving > 0 ? LargeTick : _options.RepairInterval);
    }

    /// <summary>What did not come is asked of others; when all have failed, of all of them again.</summary>
    private void AskOthers(TransferBody large)
    {
        large.UnaskLate(Now, ChunkTimeout, _chunkTimes);
        large.Providers.BeginRoundIfOver(_neighbours.Up, Now);
        AskForChunks(large);
    }

    private void ForgetLargeLink(int slot)
    {
        foreach (var large in _largeByAge)
        {
            large.Forget(slot);
        }

        _chunkTimes[slot] = default;
        _blocked &= ~(1u << slot);
    }

    private void OnLargeGone(in BroadcastId id, int slot)
    {
        if (_large.TryGetValue(id, out var large))
        {
            large.OnGone(slot);
            AskForChunks(large);
        }
    }
}
