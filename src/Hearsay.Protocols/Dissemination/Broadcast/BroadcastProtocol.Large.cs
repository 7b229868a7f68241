using System.Buffers.Binary;
using System.Numerics;

namespace Hearsay.Protocols;

/// <summary>
/// Large messages: the manifest spreads like any message, and chunks that do not follow it are asked of those who had
/// it earlier; whoever does not have a chunk yet sends it on as soon as it comes.
/// </summary>
/// <remarks>
/// Who announced a message before it was here had it earlier, so nobody waits for somebody who waits for him.
/// </remarks>
public sealed partial class BroadcastProtocol
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

    private readonly Dictionary<BroadcastId, LargeMessage> _large = [];

    /// <summary>All of them, the oldest first.</summary>
    private readonly List<LargeMessage> _largeByAge = [];

    private Instant _largeAt = Instant.Never;

    internal int LargeCount => _large.Count;

    private PublishOutcome PublishLarge(
        byte kind, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, out BroadcastId id)
    {
        id = default;
        var room = LargeMessage.RoomFor(payload.Length);
        if (!MakeRoom(room, null))
        {
            return PublishOutcome.NoRoom;
        }

        kind |= MessageFrame.Large;
        var outcome = Publish(kind, topic, LargeManifest.Make(payload, _options.ChunkBytes), out id);
        var large = _large[id];
        large.TakeAll(payload);
        TakeRoom(large, room);
        FeedWhatIsHere(large, large.Fed);
        DeliverLarge(large);
        return outcome;
    }

    private LargeMessage? TakeManifest(in BroadcastId id, scoped in MessageFrame frame, int slot, uint announcers)
    {
        LargeManifest.TryRead(frame.Payload, out var manifest);
        var isReceived = frame.Source != _self;
        if (isReceived && !MakePlace(manifest.TotalBytes))
        {
            Counters.LargeRefused++;
            TryLater(id, manifest.TotalBytes, hadChunks: false);
            return null;
        }

        _store.TryFind(id, out var place);
        var providers = announcers | (slot >= 0 ? 1u << slot : 0);
        return Begin(id, frame, _store[place].AgeThen, providers, isReceived);
    }

    private LargeMessage Begin(
        in BroadcastId id, scoped in MessageFrame frame, long age, uint providers, bool isReceived,
        bool hadChunks = false)
    {
        var large = new LargeMessage(id, frame, age, Now) { Providers = providers, HadChunks = hadChunks };
        _large.Add(id, large);
        _largeByAge.Add(large);
        _largeAt = Instant.Min(_largeAt, Now + LargeTick);
        if (isReceived)
        {
            _receiving++;
            TakeRoom(large, Has(BroadcastDefects.ManifestsTakeRoom) ? LargeMessage.RoomFor(large.TotalBytes) : 0);
        }

        return large;
    }

    private void AskForChunks(LargeMessage large)
    {
        if (large.Waits && !HasRoomForAll(large))
        {
            return;
        }

        large.Waits = false;
        if ((large.Providers & _neighbours.Up) == 0)
        {
            large.Providers = _neighbours.Up;
        }

        Span<byte> body = stackalloc byte[BroadcastId.SizeBytes + (2 * LargeMessage.Window)];
        large.Id.Write(body);
        var next = 0;
        for (var rest = large.Providers & _neighbours.Up; rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            var length = BroadcastId.SizeBytes;
            for (; next < large.Count && large.Outstanding(slot) < LargeMessage.Window; next++)
            {
                if (!large.Has(next) && !large.IsAsked(next))
                {
                    large.Ask(next, slot, Now);
                    BinaryPrimitives.WriteUInt16BigEndian(body[length..], (ushort)next);
                    length += 2;
                }
            }

            if (length > BroadcastId.SizeBytes)
            {
                SendControl(slot, BroadcastFrame.WantChunks, body[..length]);
            }
        }
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

        var last = -1;
        for (var list = body[BroadcastId.SizeBytes..]; !list.IsEmpty; list = list[2..])
        {
            int chunk = BinaryPrimitives.ReadUInt16BigEndian(list);
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
            else
            {
                large.Want(chunk, slot);
            }
        }

        return true;
    }

    private void SendChunk(int slot, LargeMessage large, int chunk)
    {
        if (!IsUp(slot))
        {
            return;
        }

        var bytes = large.Chunk(chunk);
        Span<byte> body = _chunk ??= new byte[Envelope.MaximumStreamBytes];
        BinaryPrimitives.WriteUInt64BigEndian(body, _neighbours.LinkNumber(slot));
        large.Id.Write(body[BroadcastFrame.LinkBytes..]);
        BinaryPrimitives.WriteUInt16BigEndian(body[(ChunkHeadBytes - sizeof(ushort))..], (ushort)chunk);
        bytes.CopyTo(body[ChunkHeadBytes..]);
        Counters.ChunksSent++;
        Counters.ChunkBytesSent += bytes.Length;
        _context!.Send(_neighbours[slot], BroadcastFrame.Chunk, body[..(ChunkHeadBytes + bytes.Length)]);
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

    private bool Put(LargeMessage large, int slot, int chunk, ReadOnlySpan<byte> bytes)
    {
        if (!large.Lacks(chunk, bytes, Has(BroadcastDefects.BelievesChunks)))
        {
            Counters.ChunksRefused++;
            return false;
        }

        large.Unask(chunk);
        large.Heard(slot, Now);
        var room = large.MoreRoomFor(bytes.Length);
        if (!MakeRoom(room, large))
        {
            Counters.ChunksWithoutRoom++;
            large.Waits = !Has(BroadcastDefects.AsksWithoutRoom);
            return false;
        }

        TakeRoom(large, room);
        large.Take(chunk, bytes, Now);
        SendChunks(large.TakeWanters(chunk) & (slot >= 0 ? ~(1u << slot) : uint.MaxValue), large, chunk);
        return true;
    }

    private void GoOn(LargeMessage large)
    {
        if (large.Missing > 0)
        {
            AskForChunks(large);
        }
        else
        {
            _receiving--;
            _receivedBytes -= large.RoomBytes;
            DeliverLarge(large);
        }
    }

    private void DeliverLarge(LargeMessage large)
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

        for (var i = 0; i < _largeByAge.Count;)
        {
            var large = _largeByAge[i];
            var stalled = large.Missing > 0 && Now - large.Progress > _options.LargeTimeout;
            if (stalled && !Has(BroadcastDefects.KeepsStalledLarge))
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

    /// <summary>What did not come is asked of any neighbour but those that failed, while there are such.</summary>
    private void AskOthers(LargeMessage large)
    {
        var failed = large.UnaskLate(Now, ChunkTimeout);
        if (failed != 0)
        {
            large.Providers = _neighbours.Up & ~failed;
        }

        AskForChunks(large);
    }

    private void ForgetLargeLink(int slot)
    {
        foreach (var large in _largeByAge)
        {
            large.Forget(slot);
        }
    }

    private void OnLargeGone(in BroadcastId id, int slot)
    {
        if (_large.TryGetValue(id, out var large))
        {
            large.Forget(slot);
        }
    }
}
