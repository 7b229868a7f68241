using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>What can be done to nodes beside killing them.</summary>
public sealed partial class VirtualNetwork
{
    private readonly List<Partition> _partitions = [];

    /// <summary>From now on the node's clock runs at another rate.</summary>
    /// <param name="node">The node.</param>
    /// <param name="rate">1.05 is five percent fast.</param>
    public void Drift(VirtualNode node, double rate)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        node.Clock.SetRate(Now, rate);
        node.Armed = Instant.Never;
        Arm(node);
    }

    /// <summary>The node's process stops for a while; what comes in waits.</summary>
    public void Pause(VirtualNode node, TimeSpan span)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.PausedUntil = Instant.Max(node.PausedUntil, Now + span);
    }

    /// <summary>Every packet and every timer takes this much longer from now on; packets queue up.</summary>
    public void Slow(VirtualNode node, TimeSpan perEvent)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.Slowness = perEvent;
        Arm(node);
    }

    /// <summary>The node gets another address, knows it, and is no longer reached under the old one.</summary>
    public void Move(VirtualNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.Moves++;
        var address = AddressOf(node.Index + (node.Moves << 16));
        Unlist(node);
        List(node, new NodeAddresses(address));
        Command(node, (core, now) => core.SetAddresses(now, new NodeAddresses(address)));
    }

    /// <summary>From now on some packets do not pass.</summary>
    public void Begin(Partition partition) => _partitions.Add(partition);

    /// <summary>They pass again.</summary>
    public void End(Partition partition) => _partitions.Remove(partition);

    private bool IsBlocked(VirtualNode from, VirtualNode to)
    {
        foreach (var partition in _partitions)
        {
            if (partition.Blocks(from.Index, to.Index))
            {
                return true;
            }
        }

        return false;
    }
}
