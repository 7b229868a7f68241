using System.Text.Json;
using Hearsay.AspNetCore.Streams;

namespace Hearsay.AspNetCore.Topics;

/// <summary>One topic that callers listen to: one subscription, whose messages all of them read.</summary>
internal sealed class TopicFeed : IAsyncDisposable
{
    /// <summary>What the node may be ahead of this feed; single messages may have more.</summary>
    private const int QueueBytes = 4 << 20;

    /// <summary>The most bytes of events that are held.</summary>
    private const int HeldBytes = 4 << 20;

    /// <summary>
    /// From so many readers on, messages that come close together are shown together: every reader that wakes costs a
    /// write to its connection.
    /// </summary>
    private const int ManyReaders = 32;

    /// <summary>How long a message may wait for others then.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(10);

    private readonly TopicSubscription _subscription;
    private readonly TimeProvider _time;
    private long _left;

    /// <summary>Listens.</summary>
    public TopicFeed(Topic topic, int eventsHeld, TimeProvider time)
    {
        (Name, _time, _left) = (topic.Name, time, time.GetTimestamp());
        Log = new EventLog(eventsHeld, HeldBytes);
        _subscription = topic.Subscribe(new TopicSubscriptionOptions
        {
            CapacityBytes = QueueBytes, OnMissed = TellMissed,
        });
        Reading = Task.Run(ReadAsync);
    }

    /// <summary>Of the topic.</summary>
    public string Name { get; }

    /// <summary>Its messages.</summary>
    public EventLog Log { get; }

    /// <summary>Completes when no message comes any more.</summary>
    public Task Reading { get; }

    /// <summary>Streams that read it now; the table of feeds guards it.</summary>
    public int Readers { get; private set; }

    /// <summary>How long nobody has read it.</summary>
    public TimeSpan Idle => Readers > 0 ? TimeSpan.Zero : _time.GetElapsedTime(_left);

    /// <summary>A stream reads it.</summary>
    public void Enter()
    {
        Readers++;
        SetPace();
    }

    /// <summary>A stream does not any more.</summary>
    public void Leave()
    {
        Readers--;
        SetPace();
        _left = _time.GetTimestamp();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _subscription.DisposeAsync().ConfigureAwait(false);
        await Reading.ConfigureAwait(false);
    }

    private void SetPace() => Log.Pace = Readers >= ManyReaders ? s_pace : TimeSpan.Zero;

    private void TellMissed(long missed) => Log.Add(
        "lagged", JsonSerializer.SerializeToUtf8Bytes(new LaggedItem(missed), TopicsJson.Relaxed.LaggedItem));

    private async Task ReadAsync()
    {
        try
        {
            IAsyncEnumerable<TopicMessage> messages = _subscription;
            await foreach (var message in messages.ConfigureAwait(false))
            {
                Log.Add("message", JsonSerializer.SerializeToUtf8Bytes(
                    MessageItem.Of(message), TopicsJson.Relaxed.MessageItem));
            }
        }
        catch (ObjectDisposedException)
        {
            // The node has stopped by itself: the streams end.
        }
        finally
        {
            Log.Complete();
        }
    }
}
