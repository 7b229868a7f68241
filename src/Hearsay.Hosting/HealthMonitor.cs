namespace Hearsay.Hosting;

/// <summary>
/// Looks at the node once a second. A node that has lost its last peer is isolated only when it stays without for three
/// cycles, so that a probe does not flap.
/// </summary>
internal sealed class HealthMonitor(Func<GossipNode?> find, TimeProvider time)
{
    private const int PatienceCycles = 3;
    private const int StallCycles = 10;
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeastStall = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private HealthState _state = HealthState.Starting;
    private bool _hadPeers;
    private long _cycles = -1;
    private long _moved = time.GetTimestamp();
    private long _alone = time.GetTimestamp();

    /// <summary>How the node was when it was looked at last.</summary>
    public HealthState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Looks at the node.</summary>
    public HealthState Look()
    {
        var node = find();
        lock (_gate)
        {
            return _state = node is null ? HealthState.Starting : StateOf(node);
        }
    }

    private HealthState StateOf(GossipNode node)
    {
        var (now, cycle, peers) = (time.GetTimestamp(), node.CycleTime, node.ViewCount);
        if (node.Completion.IsCompleted)
        {
            return HealthState.Stopped;
        }

        if (node.Counters.Cycles is var cycles && cycles != _cycles)
        {
            (_cycles, _moved) = (cycles, now);
        }

        if (peers > 0)
        {
            (_hadPeers, _alone) = (true, now);
        }

        if (time.GetElapsedTime(_moved, now) > Longer(cycle * StallCycles, LeastStall))
        {
            return HealthState.Stalled;
        }

        if (peers > 0 || (node.Options.Seeds.Count == 0 && !_hadPeers))
        {
            return HealthState.Healthy;
        }

        if (!_hadPeers)
        {
            return HealthState.Starting;
        }

        return time.GetElapsedTime(_alone, now) > Longer(cycle * PatienceCycles, LeastPatience)
            ? HealthState.Isolated : HealthState.Healthy;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
