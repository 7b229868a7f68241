using Hearsay.AspNetCore.Errors;

namespace Hearsay.AspNetCore.Topics;

/// <summary>
/// What was published under an <c>Idempotency-Key</c>, so that a call that is repeated publishes nothing again.
/// </summary>
internal sealed class IdempotencyTable(TimeProvider time)
{
    private const int Capacity = 4096;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Queue<(string Key, Entry Entry)> _order = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>The outcome of the first call with a key; of this one if it is the first.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">Stands for all that is published; another one under the same key is refused.</param>
    /// <param name="publish">Publishes.</param>
    public async Task<(PublishedItem Item, bool IsReplayed)> OnceAsync(
        string key, string content, Func<Task<PublishedItem>> publish)
    {
        var (entry, isFirst) = Enter(key, content);
        if (entry.Content != content)
        {
            throw new ProblemException(Problems.Conflict(
                "key-used", "The key stands for something else",
                "The Idempotency-Key was sent before with another topic or another body.") with
            {
                Field = "Idempotency-Key",
            });
        }

        if (!isFirst)
        {
            return (await entry.Outcome.Task.ConfigureAwait(false), true);
        }

        try
        {
            var item = await publish().ConfigureAwait(false);
            entry.Outcome.SetResult(item);
            return (item, false);
        }
        catch (Exception failure)
        {
            Forget(key, entry);
            entry.Outcome.SetException(failure is OperationCanceledException
                ? new ProblemException(Problems.Unavailable(
                    "not-published", "The message was not published", "The first call with this key was cancelled."))
                : failure);
            _ = entry.Outcome.Task.Exception; // Who waits for it gets it, and nobody has to.
            throw;
        }
    }

    private (Entry Entry, bool IsFirst) Enter(string key, string content)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest)
                && (_order.Count >= Capacity || time.GetElapsedTime(oldest.Entry.Since) > Longest))
            {
                _order.Dequeue();
                Remove(oldest.Key, oldest.Entry);
            }

            if (_entries.TryGetValue(key, out var known))
            {
                return (known, false);
            }

            var entry = new Entry(content, time.GetTimestamp());
            _entries.Add(key, entry);
            _order.Enqueue((key, entry));
            return (entry, true);
        }
    }

    private void Forget(string key, Entry entry)
    {
        lock (_gate)
        {
            Remove(key, entry);
        }
    }

    private void Remove(string key, Entry entry)
    {
        if (_entries.TryGetValue(key, out var present) && present == entry)
        {
            _entries.Remove(key);
        }
    }

    private sealed class Entry(string content, long since)
    {
        public string Content => content;

        public long Since => since;

        public TaskCompletionSource<PublishedItem> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
