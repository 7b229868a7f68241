using Hearsay.AspNetCore.Errors;

namespace Hearsay.AspNetCore.Topics;

/// <summary>The topics that callers listen to, each once however many they are.</summary>
internal sealed class TopicFeeds(HearsayHttpLimits limits, TimeProvider time) : IAsyncDisposable
{
    /// <summary>
    /// How long a topic is listened to after its last reader has gone: one that comes back goes on where it was.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TopicFeed> _feeds = [];

    /// <summary>The feed of a topic, for one more reader. <see cref="Leave"/> ends that.</summary>
    public TopicFeed Enter(Topic topic)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(topic.Name, out var feed) || feed.Reading.IsCompleted)
            {
                feed = _feeds[topic.Name] = Make(topic);
            }

            feed.Enter();
            return feed;
        }
    }

    /// <summary>A reader has gone.</summary>
    public void Leave(TopicFeed feed)
    {
        lock (_gate)
        {
            feed.Leave();
        }
    }

    /// <summary>Does not listen any longer to what nobody has read for a while.</summary>
    public async Task SweepAsync()
    {
        foreach (var feed in TakeIdle(Linger))
        {
            await feed.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        TopicFeed[] all;
        lock (_gate)
        {
            all = [.. _feeds.Values];
            _feeds.Clear();
        }

        foreach (var feed in all)
        {
            await feed.DisposeAsync().ConfigureAwait(false);
        }
    }

    private TopicFeed[] TakeIdle(TimeSpan longest)
    {
        lock (_gate)
        {
            TopicFeed[] idle = [.. _feeds.Values.Where(feed => feed.Readers == 0 && feed.Idle >= longest)];
            Array.ForEach(idle, feed => _feeds.Remove(feed.Name));
            return idle;
        }
    }

    /// <summary>Under the gate. One that nobody reads gives way.</summary>
    private TopicFeed Make(Topic topic)
    {
        _feeds.Remove(topic.Name);
        if (_feeds.Count >= limits.Topics)
        {
            var idle = _feeds.Values.Where(static feed => feed.Readers == 0).MaxBy(static feed => feed.Idle)
                ?? throw new ProblemException(Problems.Full(
                    "topics", $"The service listens to at most {limits.Topics} topics at a time."));
            _feeds.Remove(idle.Name);
            _ = idle.DisposeAsync().AsTask();
        }

        try
        {
            return new TopicFeed(topic, limits.EventsHeld, time);
        }
        catch (InvalidOperationException full) when (full is not ObjectDisposedException)
        {
            throw new ProblemException(Problems.Full("topics", full.Message));
        }
    }
}
