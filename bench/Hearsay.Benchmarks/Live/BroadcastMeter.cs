using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>Who had which message when. The publisher itself does not count.</summary>
internal sealed class BroadcastMeter
{
    private readonly int _nodes;
    private readonly long[] _publishedAt;
    private readonly int[] _publishers;

    /// <summary>The moment of the first delivery, by message and node; zero for none.</summary>
    private readonly long[] _deliveredAt;
    private readonly int[] _left;
    private readonly TaskCompletionSource[] _complete;
    private long _duplicates;

    public BroadcastMeter(IBroadcastCluster cluster, int messages)
    {
        _nodes = cluster.Nodes;
        (_publishedAt, _publishers, _left) = (new long[messages], new int[messages], new int[messages]);
        _deliveredAt = new long[messages * _nodes];
        _complete = [.. Enumerable.Range(0, messages)
            .Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        Array.Fill(_left, _nodes - 1);
        cluster.Received = OnReceived;
    }

    /// <summary>Begins to time a message.</summary>
    public void Published(int message, int node) =>
        (_publishers[message], _publishedAt[message]) = (node, Stopwatch.GetTimestamp());

    /// <summary>Completes when all have it, or after the time given.</summary>
    public Task WhenCompleteAsync(int message, TimeSpan patience) =>
        Task.WhenAny(_complete[message].Task, Task.Delay(patience));

    /// <summary>Milliseconds until all had it, for each message that reached all, the shortest first.</summary>
    public List<double> UntilAll() =>
    [
        .. Enumerable.Range(0, _left.Length).Where(m => _left[m] == 0)
            .Select(m => Stopwatch.GetElapsedTime(
                _publishedAt[m], _deliveredAt[(m * _nodes)..((m + 1) * _nodes)].Max()).TotalMilliseconds).Order(),
    ];

    public override string ToString()
    {
        var spans = new List<double>();
        var last = new List<double>();
        var complete = 0;
        for (var m = 0; m < _left.Length; m++)
        {
            var own = Enumerable.Range(m * _nodes, _nodes).Where(i => _deliveredAt[i] != 0)
                .Select(i => Stopwatch.GetElapsedTime(_publishedAt[m], _deliveredAt[i]).TotalMilliseconds).ToList();
            spans.AddRange(own);
            if (own.Count >= _nodes - 1)
            {
                complete++;
                last.Add(own.Max());
            }
        }

        var expected = (double)_left.Length * (_nodes - 1);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"delivery {spans.Count / expected:P3} ({complete} of {_left.Length} reached all), twice {_duplicates}, "
            + $"per delivery p50 {At(spans, .5):F1} p99 {At(spans, .99):F1} ms, "
            + $"until all have it p50 {At(last, .5):F1} p99 {At(last, .99):F1} max {At(last, 1):F1} ms");
    }

    private static double At(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[(int)Math.Min(values.Count - 1, share * values.Count)];
    }

    private void OnReceived(int node, int message)
    {
        if ((uint)message >= (uint)_left.Length || node == _publishers[message])
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _deliveredAt[(message * _nodes) + node], Stopwatch.GetTimestamp(), 0) != 0)
        {
            Interlocked.Increment(ref _duplicates);
        }
        else if (Interlocked.Decrement(ref _left[message]) == 0)
        {
            _complete[message].SetResult();
        }
    }
}
