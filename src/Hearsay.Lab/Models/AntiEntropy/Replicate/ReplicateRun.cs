using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Simulation;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>
/// Whole nodes in virtual time that all write one map: half of the writes set one of some keys, half add one to one of
/// some counters, so that a lost write shows in a sum.
/// </summary>
internal sealed class ReplicateRun
{
    private const int Keys = 5_000;
    private const int Counters = 100;
    private const int ValueBytes = 64;

    /// <summary>By then nodes have neighbours and know how many they are.</summary>
    private const int WarmUpSeconds = 40;

    /// <summary>Every so many writes one is followed to all nodes.</summary>
    private const int FollowedOneIn = 10;

    /// <summary>After the last write everything must come together within this time.</summary>
    private const int PatienceSeconds = 120;

    private static readonly TimeSpan s_leastLatency = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_mostLatency = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(5);

    private readonly ReplicateOptions _options;
    private readonly VirtualNetwork _network;
    private readonly List<IReplicateNode> _nodes = [];
    private readonly List<Followed> _followed = [];
    private readonly List<double> _latencies = [];
    private readonly List<ReplicatePhase> _phases = [];
    private (long Writes, PayloadCounts Payloads, long Exchanges) _last;
    private SeededRandom _random;
    private long _writes;
    private long _increments;

    /// <summary>A network that has not run.</summary>
    /// <param name="options">What it is like.</param>
    /// <param name="trace">Where it is traced; null for no trace.</param>
    public ReplicateRun(ReplicateOptions options, LabTrace? trace = null)
    {
        (_options, _random) = (options, SeededRandom.For(options.Seed, 0, 0, 0xE1));
        _network = new VirtualNetwork(new VirtualNetworkOptions
        {
            Seed = options.Seed, Loss = options.Loss, KeepsNotices = false,
        });
        _network.LatencyOf = options.Delays == ReplicateDelays.Links ? LatencyOf : null;
        if (trace is not null)
        {
            Begin(trace);
        }

        for (var i = 0; i < options.Nodes; i++)
        {
            IReplicateNode node = options.Mode is ReplicateMode.Deltas or ReplicateMode.Bprr
                ? new DeltaNode(options) : new MapNode(i, options);
            _nodes.Add(node);
            _network.Add(configure: core => core with { Protocols = node.Protocols });
        }
    }

    /// <summary>Runs all of it.</summary>
    /// <param name="report">Takes the share that is done.</param>
    public ReplicateResult Run(Action<double> report)
    {
        _network.Run(TimeSpan.FromSeconds(WarmUpSeconds));
        var before = BytesReceived();
        var (begin, heal) = (_options.Seconds / 4.0, (_options.Seconds / 4.0) + _options.PartitionSeconds);
        CausalContext? wanted = null;
        double? converged = null;
        for (var seconds = 0.0; seconds < _options.Seconds; seconds += s_step.TotalSeconds)
        {
            report(0.9 * seconds / _options.Seconds);
            if (seconds >= begin && _phases.Count == 0)
            {
                EndPhase("before");
            }
            else if (seconds >= heal && _phases.Count == 1)
            {
                EndPhase("apart");
            }

            _network.Passes = seconds >= begin && seconds < heal ? SameHalf : null;
            wanted ??= seconds >= heal ? EverythingSeen() : null;
            WriteUpTo(seconds, isFollowed: seconds < begin - 1);
            _network.Run(s_step);
            Look();
            converged ??= wanted is not null && _nodes.TrueForAll(node => Has(node, wanted))
                ? 1_000 * (seconds - heal) : null;
        }

        _network.Passes = null;
        var equal = 0.0;
        for (; equal < PatienceSeconds && Divergent() > 0; equal += 0.1)
        {
            _network.Run(TimeSpan.FromSeconds(0.1));
            converged ??= wanted is not null && _nodes.TrueForAll(node => Has(node, wanted))
                ? 1_000 * (_options.Seconds - heal + equal) : null;
        }

        EndPhase("after");
        return ResultOf(converged, equal, before);
    }

    private void Begin(LabTrace trace)
    {
        var half = TimeSpan.FromSeconds(_options.PartitionSeconds);
        trace.Begin(_network, _options.Nodes, new NetworkTraceOptions
        {
            Values =
            [
                new TraceValue(
                    "writes it has not seen", 0, Math.Max(1, _options.WritesPerSecond * half.TotalSeconds / 2),
                    node => MissingOf(node.Index)),
            ],
            Metrics =
            [
                new TraceMetric("writes not seen, on average", "", network =>
                    network.Nodes.Average(node => (double)MissingOf(node.Index))),
                new TraceMetric("nodes that have seen all", "%", network =>
                    100.0 * network.Nodes.Count(node => MissingOf(node.Index) == 0) / network.Nodes.Count),
            ],
        });
        if (half > TimeSpan.Zero)
        {
            trace.Tell(new Fault(
                FaultKind.Split, Instant.Zero + TimeSpan.FromSeconds(WarmUpSeconds + (_options.Seconds / 4.0)),
                [.. Enumerable.Range(0, _options.Nodes / 2)], half, 0));
        }
    }

    /// <summary>How many of the writes so far a node has not seen.</summary>
    private long MissingOf(int node)
    {
        var seen = 0L;
        foreach (var sequences in node < _nodes.Count ? _nodes[node].Context.Open.Values : [])
        {
            foreach (var range in sequences.Ranges)
            {
                seen += (long)(range.Last - range.First) + 1;
            }
        }

        return Math.Max(0, _writes - seen);
    }

    private void EndPhase(string name)
    {
        var (payloads, exchanges) = (
            _nodes.Aggregate(default(PayloadCounts), static (sum, node) => sum + node.Payloads),
            _nodes.Sum(static node => node.Exchanges));
        _phases.Add(new ReplicatePhase(
            name, _writes - _last.Writes, payloads - _last.Payloads, exchanges - _last.Exchanges));
        _last = (_writes, payloads, exchanges);
    }

    private static Func<VirtualNode, VirtualNode, bool> HalvesOf(int nodes) =>
        (a, b) => a.Index < nodes / 2 == b.Index < nodes / 2;

    /// <summary>The same in both directions and for the whole run.</summary>
    private TimeSpan LatencyOf(VirtualNode a, VirtualNode b)
    {
        var link = SeededRandom.For(
            _options.Seed, (ulong)Math.Min(a.Index, b.Index), (ulong)Math.Max(a.Index, b.Index), 0xE2);
        return link.Between(s_leastLatency, s_mostLatency);
    }

    private bool SameHalf(VirtualNode a, VirtualNode b) => HalvesOf(_options.Nodes)(a, b);

    private void WriteUpTo(double seconds, bool isFollowed)
    {
        for (var due = (long)(seconds * _options.WritesPerSecond); _writes < due; _writes++)
        {
            var index = _random.Below(_options.Nodes);
            var isIncrement = (_writes & 1) == 0;
            _increments += isIncrement ? 1 : 0;
            var value = new byte[ValueBytes];
            BinaryPrimitives.WriteInt64BigEndian(value, _writes);
            var change = isIncrement ? MapChange.Increment(PathOf("c", _random.Below(Counters)), 1)
                : MapChange.Set(PathOf("k", _random.Below(Keys)), RowKind.Register, value);
            var isTracked = isFollowed && _writes % FollowedOneIn == 0;
            _network.Command(_network.Nodes[index], (core, now) => _nodes[index].Write(
                core, now, change, (ulong)(_network.Now.Ticks / TimeSpan.TicksPerMillisecond),
                dot => Follow(isTracked, index, dot)));
        }
    }

    private void Follow(bool isTracked, int index, Dot dot)
    {
        if (isTracked)
        {
            _followed.Add(new Followed(
                dot, _network.Now, [.. Enumerable.Range(0, _options.Nodes).Where(node => node != index)]));
        }
    }

    /// <summary>Whoever has a write that is followed has it from now on.</summary>
    private void Look()
    {
        foreach (var one in _followed)
        {
            var milliseconds = (_network.Now - one.At).TotalMilliseconds;
            for (var i = one.Missing.Count - 1; i >= 0; i--)
            {
                if (_nodes[one.Missing[i]].Context.Covers(one.Dot))
                {
                    _latencies.Add(milliseconds);
                    one.Missing.RemoveAt(i);
                }
            }
        }

        _followed.RemoveAll(static one => one.Missing.Count == 0);
    }

    private ReplicateResult ResultOf(double? converged, double equal, long bytesBefore)
    {
        var (divergent, shown) = (Divergent(), 0L);
        for (var i = 0; i < Counters; i++)
        {
            shown += _nodes[0].CountOf(PathOf("c", i));
        }

        long Sum(Func<IReplicateNode, long> of) => _nodes.Sum(of);
        return new ReplicateResult(
            _writes, converged, divergent == 0 ? 1_000 * equal : null, _latencies, _increments - shown, divergent,
            _phases, _writes * (_options.Nodes - 1), BytesReceived() - bytesBefore,
            Sum(static node => node.Exchanges), Sum(static node => node.ExchangeBytes));
    }

    private long BytesReceived() => _network.Nodes.Sum(static node => node.Core.Counters.BytesReceived);

    private CausalContext EverythingSeen() => _nodes.Aggregate(
        CausalContext.Empty, static (seen, node) => seen.Union(node.Context));

    private static bool Has(IReplicateNode node, CausalContext wanted) => node.Context.Covers(wanted);

    private int Divergent()
    {
        var (root, context) = (_nodes[0].Root, _nodes[0].Context);
        return _nodes.Count(node => !node.Context.Equals(context) || node.Root != root);
    }

    private static RowPath PathOf(string kind, int number) => RowPath.Of(
        Encoding.UTF8.GetBytes(kind + number.ToString(CultureInfo.InvariantCulture)));

    private sealed record Followed(Dot Dot, Instant At, List<int> Missing);
}
