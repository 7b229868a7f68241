using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hearsay.Benchmarks.Maps;

/// <summary>When something has come to all.</summary>
internal sealed class Arrivals(int others)
{
    private readonly ConcurrentDictionary<string, (HashSet<object> Nodes, TaskCompletionSource Done)> _all =
        new();

    public async Task<double> TimeAsync(string text, Func<Task> send)
    {
        var entry = (new HashSet<object>(), new TaskCompletionSource());
        _all[text] = entry;
        var watch = Stopwatch.StartNew();
        await send();
        await entry.Item2.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return watch.Elapsed.TotalMilliseconds;
    }

    public void Add(string text, object node)
    {
        if (_all.TryGetValue(text, out var entry))
        {
            lock (entry.Nodes)
            {
                entry.Nodes.Add(node);
                if (entry.Nodes.Count >= others)
                {
                    entry.Done.TrySetResult();
                }
            }
        }
    }
}
