namespace Hearsay.Features.Topics;

/// <summary>
/// Puts the messages of each origin into the order in which they were published: one that overtook others waits for
/// them, for a bounded time.
/// </summary>
/// <remarks>
/// Sequence numbers count over all topics of an origin, so it is told of messages of other topics too. Called by the
/// event loop and by its own timer; the gate is held while messages are handed on, which only queues them.
/// </remarks>
internal sealed class OriginOrder : IDisposable
{
    /// <summary>
    /// Messages that wait, or more where the subscription's queue holds more; if there are more than that, the origin
    /// that has most goes on without what it waits for. At 10,000 messages a second what was lost is there again after
    /// half of them.
    /// </summary>
    private const int LeastWaiting = 8192;

    /// <summary>Origins whose place is known; the one not heard for longest is forgotten.</summary>
    private const int MaximumOrigins = 1024;

    private readonly Lock _gate = new();
    private readonly TimeSpan _patience;
    private readonly int _mostWaiting;
    private readonly long _mostWaitingBytes;
    private readonly TimeProvider _time;
    private readonly Action<TopicMessage> _next;
    private readonly Action _late;
    private readonly ITimer _timer;
    private readonly Dictionary<(NodeId Origin, ulong Incarnation), Place> _places = [];
    private int _waiting;
    private long _waitingBytes;
    private bool _armed;
    private bool _isDisposed;

    /// <param name="options">How long a message waits at most, and how many and how much of them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="next">Takes the messages in order.</param>
    /// <param name="late">Is told of each message that came too late for its place.</param>
    public OriginOrder(
        TopicSubscriptionOptions options, TimeProvider time, Action<TopicMessage> next, Action late)
    {
        (_patience, _time, _next, _late) = (options.OrderPatience, time, next, late);
        (_mostWaiting, _mostWaitingBytes) = (Math.Max(options.Capacity, LeastWaiting), options.CapacityBytes);
        _timer = time.CreateTimer(
            static self => ((OriginOrder)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Messages that wait now.</summary>
    public int Waiting => _waiting;

    /// <summary>A message of this topic.</summary>
    public void Add(in TopicMessage message)
    {
        lock (_gate)
        {
            Take((message.Origin, message.Incarnation), message.Sequence, message);
        }
    }

    /// <summary>A message of another topic: only its place counts.</summary>
    public void Pass(NodeId origin, ulong incarnation, ulong sequence)
    {
        lock (_gate)
        {
            Take((origin, incarnation), sequence, null);
        }
    }

    /// <summary>Nothing comes any more: what waits is handed on, in order, without what it waits for.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var place in _places.Values)
            {
                while (place.Waiting.Count > 0)
                {
                    GoOn(place);
                }
            }
        }
    }

    private void Take((NodeId Origin, ulong Incarnation) key, ulong sequence, in TopicMessage? message)
    {
        if (_isDisposed)
        {
            HandOn(message); // The queue has ended, or ends before anybody waits for this one.
            return;
        }

        var now = _time.GetTimestamp();
        if (!_places.TryGetValue(key, out var place))
        {
            place = Begin(key, sequence, now);
        }

        place.Heard = now;
        place.Next ??= sequence == 1 ? 1ul : null; // The first of its life surely has nothing before it.
        if (place.Next is { } next && sequence < next)
        {
            if (message is not null)
            {
                Drop(message);
                _late();
            }

            return;
        }

        if (place.Next == sequence && place.Waiting.Count == 0)
        {
            (place.Next, place.Since) = (sequence + 1, null);
            HandOn(message);
            return;
        }

        if (place.Waiting.TryAdd(sequence, message))
        {
            _waiting++;
            _waitingBytes += message?.Payload.Length ?? 0;
        }
        else
        {
            Drop(message);
        }

        Release(place);
        while (_waiting > _mostWaiting || _waitingBytes > _mostWaitingBytes)
        {
            GoOn(_places.Values.MaxBy(static other => other.Waiting.Count)!);
        }

        ArmIfWaiting();
    }

    private Place Begin((NodeId Origin, ulong Incarnation) key, ulong sequence, long now)
    {
        if (_places.Count == MaximumOrigins)
        {
            var oldest = _places.MinBy(static pair => pair.Value.Heard);
            while (oldest.Value.Waiting.Count > 0)
            {
                GoOn(oldest.Value);
            }

            _places.Remove(oldest.Key);
        }

        var place = new Place { Since = now };
        _places.Add(key, place);
        return place;
    }

    /// <summary>Hands on whatever is next in order.</summary>
    private void Release(Place place)
    {
        var before = place.Next;
        while (place.Next is { } next && place.Waiting.Remove(next, out var message))
        {
            _waiting--;
            _waitingBytes -= message?.Payload.Length ?? 0;
            place.Next = next + 1;
            HandOn(message);
        }

        if (place.Next != before || place.Waiting.Count == 0)
        {
            place.Since = null;
        }

        if (place.Waiting.Count > 0)
        {
            place.Since ??= _time.GetTimestamp();
        }
    }

    /// <summary>Does not wait any longer for what is missing before the first message that is there.</summary>
    private void GoOn(Place place)
    {
        if (place.Waiting.Count > 0)
        {
            place.Next = place.Waiting.Keys.First();
            Release(place);
        }
    }

    private void HandOn(in TopicMessage? message)
    {
        if (message is { } known)
        {
            _next(known);
        }
    }

    private static void Drop(in TopicMessage? message) => message?.Segment?.EndLease();

    private void OnTimer()
    {
        lock (_gate)
        {
            _armed = false;
            foreach (var place in _places.Values)
            {
                var patience = place.Next is null ? _patience / 10 : _patience;
                if (place.Since is { } since && _time.GetElapsedTime(since) >= patience)
                {
                    GoOn(place);
                }
            }

            ArmIfWaiting();
        }
    }

    private void ArmIfWaiting()
    {
        if (_waiting > 0 && !_armed)
        {
            _armed = true;
            _timer.Change(_patience / 20, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>How far one origin is.</summary>
    private sealed class Place
    {
        /// <summary>What comes next; null while it is not known where the origin is.</summary>
        public ulong? Next;

        /// <summary>Since when something waits.</summary>
        public long? Since;

        /// <summary>When the origin was heard last.</summary>
        public long Heard;

        /// <summary>Messages that overtook others; null for those of other topics.</summary>
        public readonly SortedDictionary<ulong, TopicMessage?> Waiting = [];
    }
}
