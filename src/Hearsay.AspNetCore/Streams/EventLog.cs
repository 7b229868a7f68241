using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Hearsay.AspNetCore.Streams;

/// <summary>
/// The last events of one source, written once and read by any number of streams, each at its own pace. A stream that
/// falls behind what is held is told how many events it missed; it holds up nobody and costs no memory of its own.
/// </summary>
/// <remarks>
/// Safe on any thread. Events count from 1. Where there is a <see cref="Pace"/>, events that come within it after
/// others are shown together: a thousand streams that wake for every event do nothing but wake.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The end of the log is the end of its timer.")]
internal sealed class EventLog
{
    private readonly int _capacity;
    private readonly long _capacityBytes;

    private readonly Lock _gate = new();

    /// <summary>Event n is at n modulo the capacity.</summary>
    private readonly byte[][] _events;

    private readonly TimeProvider _time;

    /// <summary>Shows what waits for the pace.</summary>
    private readonly ITimer _timer;

    private TaskCompletionSource _changed = NewChange();
    private long _first = 1;
    private long _next = 1;

    /// <summary>The first event that is not shown yet.</summary>
    private long _shown = 1;

    private long _shownAt;
    private bool _isDue;
    private long _paceTicks;
    private long _bytes;
    private bool _isComplete;

    /// <summary>A log that holds so many events of so many bytes.</summary>
    public EventLog(int capacity, long capacityBytes, TimeProvider? time = null)
    {
        (_capacity, _capacityBytes, _events) = (capacity, capacityBytes, new byte[capacity][]);
        _time = time ?? TimeProvider.System;
        _timer = _time.CreateTimer(
            static log => ((EventLog)log!).Show(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long an event may wait for others to be shown with; zero for not at all.</summary>
    public TimeSpan Pace
    {
        get => new(Volatile.Read(ref _paceTicks));
        set => Volatile.Write(ref _paceTicks, value.Ticks);
    }

    /// <summary>
    /// Tells this log from every other, also of an earlier process: an id of another log says nothing of this one.
    /// </summary>
    public string Boot { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>The number of the event that comes next.</summary>
    public long Next
    {
        get
        {
            lock (_gate)
            {
                return _next;
            }
        }
    }

    /// <summary>Adds an event. What does not fit any more is forgotten, the oldest first.</summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="json">Its data, of one line.</param>
    public void Add(string name, ReadOnlySpan<byte> json)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            var frame = EventFrame.Of($"{Boot}-{_next}", name, json);
            while (_next > _first && (_next - _first == _capacity || _bytes + frame.Length > _capacityBytes))
            {
                ref var oldest = ref _events[_first % _capacity];
                _bytes -= oldest.Length;
                oldest = [];
                _first++;
            }

            _events[_next % _capacity] = frame;
            _bytes += frame.Length;
            _next++;
            changed = ShowOrWait();
        }

        changed?.SetResult();
    }

    /// <summary>Under the gate: shows what there is, or sees to it that it is shown soon.</summary>
    /// <returns>What to complete outside the gate; null for nothing.</returns>
    private TaskCompletionSource? ShowOrWait()
    {
        if (_isDue)
        {
            return null;
        }

        var left = Pace - _time.GetElapsedTime(_shownAt);
        if (left <= TimeSpan.Zero)
        {
            return ShowAll();
        }

        // Timers count in milliseconds, and none is too early to be of use.
        _isDue = true;
        _timer.Change(left, Timeout.InfiniteTimeSpan);
        return null;
    }

    private void Show()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            changed = ShowAll();
        }

        changed.SetResult();
    }

    private TaskCompletionSource ShowAll()
    {
        (_shown, _shownAt, _isDue) = (_next, _time.GetTimestamp(), false);
        (var changed, _changed) = (_changed, NewChange());
        return changed;
    }

    /// <summary>No event comes any more.</summary>
    public void Complete()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            (_isComplete, _shown) = (true, _next);
            changed = _changed;
        }

        changed.SetResult();
        _timer.Dispose();
    }

    /// <summary>The id from which a reader goes on that wants an event and all after it.</summary>
    public string IdBefore(long number) => $"{Boot}-{number - 1}";

    /// <summary>Where a reader goes on that has read up to an id.</summary>
    /// <param name="lastEventId">The id of the last event that it has; null or empty for none.</param>
    /// <param name="isUnknown">Whether the id is of another log, so that nobody knows what was missed.</param>
    public long After(string? lastEventId, out bool isUnknown)
    {
        isUnknown = false;
        if (string.IsNullOrEmpty(lastEventId))
        {
            return Next;
        }

        lock (_gate)
        {
            isUnknown = !lastEventId.StartsWith(Boot + "-", StringComparison.Ordinal)
                || !TryNumber(lastEventId.AsSpan(Boot.Length + 1), out var last) || last >= _next;
            return isUnknown ? _next : long.Parse(lastEventId.AsSpan(Boot.Length + 1)) + 1;
        }
    }

    /// <summary>Reads what is held from a place on, up to some bytes.</summary>
    /// <param name="cursor">The number of the event that is wanted next; moved on.</param>
    /// <param name="frames">Takes the events.</param>
    /// <param name="mostBytes">Stops when there are so many, after one event at least.</param>
    /// <param name="missed">The events before them that are not held any more.</param>
    /// <returns>What to wait for if there was nothing; null if there was, or if nothing comes any more.</returns>
    public Task? Read(ref long cursor, List<byte[]> frames, int mostBytes, out long missed)
    {
        lock (_gate)
        {
            missed = Math.Max(0, _first - cursor);
            cursor += missed;
            var bytes = 0;
            while (cursor < _shown && bytes < mostBytes)
            {
                var frame = _events[cursor++ % _capacity];
                frames.Add(frame);
                bytes += frame.Length;
            }

            return bytes > 0 || missed > 0 || _isComplete ? null : _changed.Task;
        }
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(
        text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
