using Hearsay.Protocols;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>What happens to packets on their way.</summary>
public sealed partial class VirtualNetwork
{
    /// <summary>What would wait longer in a queue of the network or of a slow host is dropped.</summary>
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(1);

    private LinkModel _links;

    /// <summary>What the network does to packets from now on.</summary>
    public LinkModel Links
    {
        get => _links;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _links = value;
        }
    }

    /// <summary>The delay from one node to another, in place of one drawn for every packet; null to draw.</summary>
    internal Func<VirtualNode, VirtualNode, TimeSpan>? LatencyOf { get; set; }

    /// <summary>Told of every copy of a packet that will arrive, with its receiver and the moment.</summary>
    internal Action<VirtualNode, Instant>? Launched { get; set; }

    /// <summary>What it did to them so far.</summary>
    public LinkCounters Counters { get; } = new();

    /// <summary>The node that is reached at an address now; null if nobody is.</summary>
    internal VirtualNode? At(in NodeAddress address) => _byAddress.GetValueOrDefault(address);

    /// <summary>Whether no stream passes from a node to an address.</summary>
    internal bool IsStreamBlocked(VirtualNode from, in NodeAddress to) =>
        BlocksStreams is { } blocks && _byAddress.TryGetValue(to, out var target) && blocks(from, target);

    /// <summary>Takes a packet on its way.</summary>
    /// <returns>False if the sender's queue is full; whatever else becomes of it, nobody can tell.</returns>
    internal bool Carry(VirtualNode from, in Link destination, ReadOnlySpan<byte> packet)
    {
        Witness?.Sent(from, destination, packet);
        from.OnSend?.Invoke(destination, packet.ToArray());
        Counters.Sent++;
        if (!_byAddress.TryGetValue(destination.Address, out var target) || IsBlocked(from, target)
            || !(Passes?.Invoke(from, target) ?? true) || !(Reaches?.Invoke(from, destination.Address) ?? true))
        {
            return true;
        }

        var datagram = destination.Kind == LinkKind.Datagram;
        if (!datagram && IsStreamBlocked(from, destination.Address))
        {
            Counters.Lost++;
            return true;
        }

        var source = !destination.Address.IsIPv4 && from.Addresses.HasIPv6 ? from.Addresses.IPv6 : from.Address;
        var link = new Link(source, destination.Kind, datagram ? 0 : 1);
        if (_attackers.Count > 0 && IsTaken(from, target, link, packet))
        {
            return true;
        }

        if (datagram && IsLost(from))
        {
            Counters.Lost++;
            return true;
        }

        if (!TryQueue(from, packet.Length, out var departs))
        {
            Counters.Lost++;
            return false;
        }

        var copies = datagram && Happens(_links.Duplication) ? 2 : 1;
        Counters.Duplicated += copies - 1;
        for (var i = 0; i < copies; i++)
        {
            var delay = LatencyOf?.Invoke(from, target) ?? _links.Delay.Draw(ref _random);
            if (datagram && Happens(_links.Reordering))
            {
                Counters.Reordered++;
                delay += _random.Between(TimeSpan.Zero, _links.ReorderingDelay);
            }

            Launch(departs + delay, target, link, packet);
        }

        if (datagram && Happens(_links.Replay))
        {
            Counters.Replayed++;
            Launch(departs + _random.Between(TimeSpan.Zero, _links.ReplayDelay), target, link, packet);
        }

        return true;
    }

    private void Launch(Instant arrives, VirtualNode target, in Link link, ReadOnlySpan<byte> packet)
    {
        if (target.Slowness > TimeSpan.Zero)
        {
            // A slow host works its packets off one by one.
            arrives = Instant.Max(arrives, target.BusyUntil) + target.Slowness;
            if (arrives - Now > LongestQueue)
            {
                Counters.Lost++;
                return;
            }

            target.BusyUntil = arrives;
        }

        var index = _packets.Take(link, packet);
        if (link.Kind == LinkKind.Datagram)
        {
            Damage(_packets[index]);
        }

        Launched?.Invoke(target, arrives);
        Enqueue(arrives, target, index);
    }

    private void Damage(VirtualPacket packet)
    {
        if (Happens(_links.Corruption))
        {
            var bit = _random.Below(8 * packet.Length);
            packet.Buffer[bit / 8] ^= (byte)(1 << (bit % 8));
            Counters.Corrupted++;
            Mix((ulong)bit);
        }

        if (Happens(_links.Truncation))
        {
            packet.Length = _random.Below(packet.Length);
            Counters.Truncated++;
        }
    }

    /// <summary>A node with a narrow link sends one packet after the other.</summary>
    private bool TryQueue(VirtualNode from, int bytes, out Instant departs)
    {
        departs = Now;
        if (_links.BytesPerSecond <= 0)
        {
            return true;
        }

        departs = Instant.Max(from.LinkFreeAt, Now) + TimeSpan.FromSeconds(bytes / _links.BytesPerSecond);
        if (departs - Now > LongestQueue)
        {
            return false;
        }

        from.LinkFreeAt = departs;
        return true;
    }

    private bool IsLost(VirtualNode from)
    {
        if (_links.BurstBegins > 0 || from.IsInBurst)
        {
            from.IsInBurst = Happens(from.IsInBurst ? 1 - _links.BurstEnds : _links.BurstBegins);
            if (from.IsInBurst && Happens(_links.BurstLoss))
            {
                return true;
            }
        }

        return Happens(_links.Loss);
    }

    private bool Happens(double share) => share > 0 && _random.NextDouble() < share;
}
