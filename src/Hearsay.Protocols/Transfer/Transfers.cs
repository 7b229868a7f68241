using System.Diagnostics.CodeAnalysis;

namespace Hearsay.Protocols.Transfer;

/// <summary>
/// The transfers of one protocol of one node: bodies that are too long for a frame go in chunks, which are fed, asked
/// for, passed on and put together here. The protocol brings the manifests, and the links.
/// </summary>
/// <remarks>
/// Call it only inside the node's event loop. A node that announced a body before this node had it has had it for
/// longer. Nodes wait only for such nodes, so no two nodes wait for each other.
/// </remarks>
/// <typeparam name="TBody">What the protocol knows of a body.</typeparam>
internal sealed class Transfers<TBody>
    where TBody : TransferBody
{
    private readonly TransferOptions _options;
    private readonly ITransferHost<TBody> _host;
    private readonly ChunkAsker<TBody> _asker;
    private readonly ChunkSender<TBody> _sender;
    private readonly EarlyChunks _early = new();
    private Instant _lookAt = Instant.Never;

    /// <summary>The transfers of a protocol.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="host">The protocol.</param>
    public Transfers(TransferOptions options, TransferCounters counters, ITransferHost<TBody> host)
    {
        (_options, Counters, _host) = (options, counters, host);
        Room = new TransferRoom<TBody>(options, counters, host);
        _asker = new ChunkAsker<TBody>(Room, host);
        _sender = new ChunkSender<TBody>(Room, counters, host);
    }

    /// <summary>The bodies, and what they take.</summary>
    public TransferRoom<TBody> Room { get; }

    public TransferCounters Counters { get; }

    /// <summary>Bytes of chunks whose manifest is not here.</summary>
    public int EarlyBytes => _early.Bytes;

    /// <summary>How many such chunks there are.</summary>
    public int EarlyCount => _early.Count;

    /// <summary>When <see cref="OnDue"/> is to be called.</summary>
    public Instant NextDue => Instant.Min(_lookAt, _sender.NextDue);

    private Instant Now => _host.Now;

    public bool TryFind(UInt128 id, [MaybeNullWhen(false)] out TBody body) => Room.TryFind(id, out body);

    /// <summary>
    /// A body begins, for which there is a place (<see cref="TransferRoom{TBody}.MakePlace"/>). It asks for nothing
    /// until <see cref="Await"/>, <see cref="Ask"/> or <see cref="OnDue"/>.
    /// </summary>
    public void Begin(TBody body)
    {
        Room.Add(body);
        _lookAt = Instant.Min(_lookAt, Now + TransferTimes.Tick);
    }

    /// <summary>Fills a body of this node's own, for which there is room; those who are fed get it.</summary>
    public void Fill(TBody body, byte[] data)
    {
        body.TakeAll(data);
        Room.TakeRoom(body, TransferBody.RoomFor(data.Length));
        _sender.FeedWhatIsHere(body, body.Fed);
    }

    /// <summary>A manifest came: what is sent unasked is waited for, the rest asked for.</summary>
    /// <param name="body">The body, which has begun.</param>
    /// <param name="slot">Where the manifest came from, or -1.</param>
    /// <param name="isFed">Whether the first chunks follow.</param>
    /// <param name="early">Those of them that came before the manifest, by bit.</param>
    public void Await(TBody body, int slot, bool isFed, uint early)
    {
        while (_early.TryTake(body.Id, out var chunk))
        {
            Put(body, chunk.Slot, chunk.Chunk, chunk.Bytes);
        }

        for (var chunk = 0; chunk < body.FedCount && isFed; chunk++)
        {
            // What came before the manifest and was not kept does not come again.
            if (!body.Has(chunk) && (early & (1u << chunk)) == 0)
            {
                body.Ask(chunk, slot, Now);
            }
        }

        GoOn(body);
    }

    /// <summary>Asks for what is missing of a body.</summary>
    public void Ask(TBody body) => _asker.Ask(body);

    /// <summary>Begins to feed a link, if that may be sent so much unasked.</summary>
    public bool TryFeed(TBody body, int slot) => _sender.TryFeed(body, slot);

    /// <summary>Sends the chunks that are here to those who are fed.</summary>
    public void FeedWhatIsHere(TBody body, uint slots) => _sender.FeedWhatIsHere(body, slots);

    /// <summary>Handles a request for chunks, which has the form of one.</summary>
    /// <returns>False if it is malformed.</returns>
    public bool TakeWant(int slot, ReadOnlySpan<byte> request)
    {
        if (Room.TryFind(TransferFrame.ReadId(request), out var body))
        {
            return _sender.Answer(body, slot, request);
        }

        _host.Send(slot, TransferAnswer.Gone, request[..TransferFrame.IdBytes]);
        return true;
    }

    /// <summary>Handles a chunk.</summary>
    /// <returns>False if no manifest is here that names it.</returns>
    public bool TryTake(UInt128 id, int slot, int chunk, ReadOnlySpan<byte> bytes)
    {
        if (!Room.TryFind(id, out var body))
        {
            return false;
        }

        if (Put(body, slot, chunk, bytes))
        {
            GoOn(body);
        }

        return true;
    }

    /// <summary>Keeps a chunk that came before its manifest.</summary>
    public void KeepEarly(UInt128 id, int slot, int chunk, ReadOnlySpan<byte> bytes)
    {
        Counters.ChunksEarly++;
        Counters.ChunksRefused += _early.Add(id, slot, chunk, bytes);
    }

    /// <summary>Handles the answer that chunks are lacking, which has the form of one.</summary>
    public void TakeLacking(int slot, ReadOnlySpan<byte> answer)
    {
        if (Room.TryFind(TransferFrame.ReadId(answer), out var body))
        {
            _asker.TakeLacking(body, slot, answer[TransferFrame.IdBytes..]);
        }
    }

    /// <summary>A node has nothing of a body any more.</summary>
    public void OnGone(UInt128 id, int slot)
    {
        if (Room.TryFind(id, out var body))
        {
            body.OnGone(slot);
            _asker.Ask(body);
        }
    }

    /// <summary>A node has the body from elsewhere, or all of it.</summary>
    public void OnHas(TBody body, int slot, bool isWhole)
    {
        var bit = 1u << slot;
        if (isWhole || (body.Fed & bit) != 0)
        {
            body.Release(slot);
        }

        if (isWhole && body.NoteHolds(slot))
        {
            _asker.Ask(body);
        }
    }

    /// <summary>
    /// Does what is due: asks others, sends what is owed, gives up, and drops what is held for too long.
    /// </summary>
    public void OnDue()
    {
        LookAfter();
        _sender.SendWhatIsOwed();
    }

    /// <summary>The link in a slot is gone; another may come there.</summary>
    public void ForgetLink(int slot)
    {
        for (var i = 0; i < Room.Count; i++)
        {
            Room[i].Forget(slot);
        }

        _asker.ForgetLink(slot);
        _sender.ForgetLink(slot);
    }

    private bool Put(TBody body, int slot, int chunk, ReadOnlySpan<byte> bytes)
    {
        if (!body.Lacks(chunk, bytes))
        {
            Counters.ChunksRefused++;
            return false;
        }

        body.Unask(chunk);
        _asker.NoteChunk(body, slot);
        var room = body.MoreRoomFor(bytes.Length);
        if (!Room.MakeRoom(room, body))
        {
            Counters.ChunksWithoutRoom++;
            body.Waits = true;
            return false;
        }

        Room.TakeRoom(body, room);
        body.Take(chunk, bytes, Now);
        _sender.SendTo(body.TakeWanters(chunk) & (slot >= 0 ? ~(1u << slot) : uint.MaxValue), body, chunk);
        return true;
    }

    private void GoOn(TBody body)
    {
        if (body.Missing > 0)
        {
            _asker.Ask(body);
        }
        else
        {
            Room.NoteWhole(body);
            _host.OnWhole(body);
        }
    }

    /// <summary>Chunks that do not come are asked of others; what is too old, or makes no progress, goes.</summary>
    private void LookAfter()
    {
        if (Now < _lookAt)
        {
            return;
        }

        _asker.MeasurePatience();
        for (var i = 0; i < Room.Count;)
        {
            var body = Room[i];
            var stalled = body.Missing > 0 && Now - body.Progress > _options.Timeout;
            if (stalled)
            {
                Room.GiveUp(i);
            }
            else if (body.Missing == 0 && Now > body.HeldUntil)
            {
                Room.Remove(i);
            }
            else
            {
                if (body.Missing > 0)
                {
                    _asker.AskOthers(body);
                }

                i++;
            }
        }

        _lookAt = Room.Count == 0 ? Instant.Never
            : Now + (Room.Receiving > 0 ? TransferTimes.Tick : _options.IdleTick);
    }
}
