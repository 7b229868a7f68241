using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>
/// Names and messages in the order they came, a ring that grows up to its capacity. The oldest payloads go when they
/// are too old or too many bytes, the oldest names some time later.
/// </summary>
internal sealed class MessageStore(
    BroadcastOptions options, BroadcastCounters counters, SourceTable sources, ulong hashKey)
{
    private const int FirstCapacity = 16;

    /// <summary>What came more recently may still be under way to the neighbours.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    private readonly BodyLog _bodies = new(options.StoreBytes);
    private readonly Dictionary<BroadcastId, long> _byId = new(new IdHash(hashKey));
    private readonly Dictionary<(SourceKey, ulong), long> _bySequence = new(new IdHash(hashKey));
    private StoredMessage[] _ring = new StoredMessage[FirstCapacity];

    /// <summary>The place of the oldest name; places only grow.</summary>
    private long _first;

    /// <summary>The place of the oldest name whose message may be held.</summary>
    private long _firstHeld;

    private long _next;

    /// <summary>Bytes of memory with messages in it.</summary>
    public long Bytes => _bodies.UsedBytes;

    /// <summary>The same with memory that waits for messages.</summary>
    public long PooledBytes => _bodies.Bytes;

    /// <summary>Bytes of memory that readers hold on to. Any thread.</summary>
    public long LeasedBytes => _bodies.LeasedBytes;

    public int Count => _byId.Count;

    /// <summary>The place of the oldest message that is held; those up to <see cref="Next"/> are.</summary>
    public long FirstHeld => _firstHeld;

    /// <summary>The place of the next message.</summary>
    public long Next => _next;

    public ref StoredMessage this[long place] => ref _ring[place & (_ring.Length - 1)];

    /// <summary>Whether a message is held that is not too old, so that it may be sent.</summary>
    /// <param name="place">Its place, which may be long past.</param>
    /// <param name="now">The moment.</param>
    public bool IsHeld(long place, Instant now) =>
        place >= _firstHeld && this[place].IsHeld && this[place].AgeAt(now) <= options.Retention.Ticks;

    public bool TryFind(in BroadcastId id, out long place) => _byId.TryGetValue(id, out place);

    public bool TryFind(in SourceKey source, ulong sequence, out long place) =>
        _bySequence.TryGetValue((source, sequence), out place);

    /// <summary>Where the payload of a message lies; nowhere if it is not held.</summary>
    /// <param name="place">The place of the message.</param>
    /// <param name="frame">The message.</param>
    public HeldPayload PayloadOf(long place, scoped in MessageFrame frame)
    {
        ref readonly var message = ref this[place];
        var offset = message.Offset + BroadcastFrame.LinkBytes + frame.PayloadAt;
        return message.Segment is not { } segment ? default
            : new HeldPayload(segment.Buffer.AsMemory(offset, frame.Payload.Length), segment);
    }

    /// <summary>Takes a message in; its name must be new.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="frame">The message as it came.</param>
    /// <param name="source">Its source.</param>
    /// <param name="age">Its age, in ticks.</param>
    /// <param name="now">The moment.</param>
    public long Add(
        in BroadcastId id, scoped in MessageFrame frame, BroadcastSource source, long age, Instant now)
    {
        Expire(now);
        while (_byId.Count >= options.NameCapacity)
        {
            counters.NamesForgotten++;
            ForgetFirst();
        }

        var length = BroadcastFrame.LinkBytes + frame.Body.Length;
        while (_firstHeld < _next && !_bodies.Fits(length))
        {
            counters.PayloadsForgotten++;
            DropFirstHeld();
        }

        Grow();
        var place = _next++;
        var body = _bodies.Append(length, out var offset);
        frame.Body.CopyTo(body.Buffer.AsSpan(offset + BroadcastFrame.LinkBytes));
        this[place] = new StoredMessage
        {
            Id = id, Source = frame.Source, Sequence = frame.Sequence, Segment = body, Offset = offset, Length = length,
            Received = now.Ticks, AgeThen = age, Hops = frame.Hops, NextOfSource = -1, AnsweredIn = -1,
            Late = (byte)((frame.Flags & MessageFrame.AnyLate) == 0 ? 0 : MessageFrame.Late),
        };
        _byId.Add(id, place);
        _bySequence.TryAdd((frame.Source, frame.Sequence), place);
        counters.GapsForgotten += source.Known.Add(frame.Sequence, source.Gaps.Silent);
        source.Settle(now, SettleTime, frame.Sequence);
        NoteHeld(source, place);
        return place;
    }

    /// <summary>Drops what is too old.</summary>
    public void Expire(Instant now)
    {
        while (_firstHeld < _next && this[_firstHeld].AgeAt(now) > options.Retention.Ticks)
        {
            DropFirstHeld();
        }

        var memory = 2 * options.Retention.Ticks;
        while (_first < _next && now.Ticks - this[_first].Received > memory)
        {
            ForgetFirst();
        }
    }

    private void DropFirstHeld()
    {
        ref var message = ref this[_firstHeld];
        _bodies.ReleaseOldest();
        message.Segment = null;
        if (sources.Find(message.Source) is { } source && source.OldestHeld == _firstHeld)
        {
            // Not one more than the sequence that goes: that may be forged, and be higher than all that follow.
            source.OldestHeld = message.NextOfSource;
            source.HeldFrom = message.NextOfSource < 0 ? 0 : this[message.NextOfSource].Sequence;
        }

        _firstHeld++;
    }

    private void NoteHeld(BroadcastSource source, long place)
    {
        var sequence = this[place].Sequence;
        if (source.OldestHeld < 0)
        {
            (source.OldestHeld, source.HeldFrom) = (place, sequence);
        }
        else
        {
            this[source.NewestHeld].NextOfSource = place;
            source.HeldFrom = Math.Min(source.HeldFrom, sequence);
        }

        source.NewestHeld = place;
    }

    private void ForgetFirst()
    {
        if (_firstHeld == _first)
        {
            DropFirstHeld();
        }

        ref var message = ref this[_first];
        _byId.Remove(message.Id);
        if (_bySequence.TryGetValue((message.Source, message.Sequence), out var place) && place == _first)
        {
            _bySequence.Remove((message.Source, message.Sequence));
        }

        if (sources.Find(message.Source) is { } source)
        {
            source.ForgottenTo = Math.Max(source.ForgottenTo, message.Sequence);
        }

        _first++;
    }

    private void Grow()
    {
        if (_next - _first < _ring.Length)
        {
            return;
        }

        var larger = new StoredMessage[2 * _ring.Length];
        for (var place = _first; place < _next; place++)
        {
            larger[place & (larger.Length - 1)] = this[place];
        }

        _ring = larger;
    }
}
