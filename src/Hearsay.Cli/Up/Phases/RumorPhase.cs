using System.Diagnostics;
using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;
using Hearsay.Protocols;

namespace Hearsay.Cli.Up.Phases;

/// <summary>Lets rumors run through the network, one after the other, and sees when each node hears them.</summary>
internal static class RumorPhase
{
    private const string TopicName = "up";
    private const int Rumors = 20;
    private const int PayloadBytes = 1000;

    /// <summary>Rumors before the count begins: trees grow with the first message of a source.</summary>
    private const int WarmUp = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs them over the nodes that live.</summary>
    public static async Task<RumorResult> RunAsync(
        LocalNetwork network, IUpDisplay display, CancellationToken cancellation)
    {
        var nodes = network.Live.ToArray();
        var sources = nodes.Take(Math.Min(nodes.Length, WarmUp)).ToArray();
        var hearing = new Hearing(nodes);
        try
        {
            for (var i = 0; i < 2 * sources.Length; i++)
            {
                await TellAsync(hearing, sources[i % sources.Length], cancellation).ConfigureAwait(false);
            }

            var (delivered, latencies) = (0, new List<double>());
            var payloadsBefore = Payloads(nodes);
            for (var rumor = 0; rumor < Rumors; rumor++)
            {
                var source = sources[rumor % sources.Length];
                var times = await TellAsync(hearing, source, cancellation).ConfigureAwait(false);
                delivered += times.Count;
                latencies.AddRange(times);
                display.Line($"rumor {rumor + 1,2} from node {network.NumberOf(source.Id),3}: {times.Count} of "
                    + $"{nodes.Length - 1} others, half in {At(times, 0.5):0.0} ms, the last in "
                    + $"{At(times, 1):0.0} ms");
            }

            var expected = (double)Rumors * (nodes.Length - 1);
            return new RumorResult(
                Rumors, delivered / expected, (Payloads(nodes) - payloadsBefore) / expected,
                At(latencies, 0.5), At(latencies, 0.99), At(latencies, 1));
        }
        finally
        {
            await hearing.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static long Payloads(GossipNode[] nodes) =>
        nodes.Sum(static node => node.Topics?.Broadcast.Counters.PayloadsSent ?? 0);

    /// <summary>Publishes one and waits until all have it; the result is when each other node had it, in ms.</summary>
    private static async Task<List<double>> TellAsync(
        Hearing hearing, GossipNode source, CancellationToken cancellation)
    {
        var all = hearing.Begin(source);
        await source.GetTopic(TopicName).PublishAsync(new byte[PayloadBytes], cancellation).ConfigureAwait(false);
        await Task.WhenAny(all, Task.Delay(Patience, cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return hearing.End();
    }

    private static double At(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[(int)Math.Min(values.Count - 1, share * values.Count)];
    }

    /// <summary>One reader on every node, and when each of them heard the present rumor.</summary>
    private sealed class Hearing : IAsyncDisposable
    {
        private readonly Lock _gate = new();
        private readonly List<TopicSubscription> _subscriptions;
        private readonly int _others;
        private readonly HashSet<BroadcastId> _before = [];
        private List<double> _times = [];
        private BroadcastId _present;
        private NodeId _source;
        private long _began;
        private TaskCompletionSource _all = new();

        public Hearing(GossipNode[] nodes)
        {
            _others = nodes.Length - 1;
            _subscriptions = [.. nodes.Select(static node => node.GetTopic(TopicName).Subscribe())];
            for (var i = 0; i < nodes.Length; i++)
            {
                _ = ReadAsync(nodes[i].Id, _subscriptions[i]);
            }
        }

        public Task Begin(GossipNode source)
        {
            lock (_gate)
            {
                _before.Add(_present);
                (_present, _source, _times, _began) = (default, source.Id, [], Stopwatch.GetTimestamp());
                _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _all.Task;
            }
        }

        public List<double> End()
        {
            lock (_gate)
            {
                return _times;
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var subscription in _subscriptions)
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
            }
        }

        private async Task ReadAsync(NodeId node, TopicSubscription subscription)
        {
            await foreach (var message in subscription.WithCancellation(default).ConfigureAwait(false))
            {
                Heard(node, message, Stopwatch.GetTimestamp());
            }
        }

        private void Heard(NodeId node, in TopicMessage message, long at)
        {
            lock (_gate)
            {
                if (message.Origin != _source || node == _source || _before.Contains(message.Id))
                {
                    return;
                }

                _present = message.Id;
                _times.Add(Stopwatch.GetElapsedTime(_began, at).TotalMilliseconds);
                if (_times.Count == _others)
                {
                    _all.TrySetResult();
                }
            }
        }
    }
}
