using Hearsay.Protocols;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>Attackers on the path: they see what passes, and do with it what they like. They have no key.</summary>
public sealed partial class VirtualNetwork
{
    /// <summary>The longest that an attacker keeps a packet back: longer than any record is fresh.</summary>
    private static readonly TimeSpan LongestKept = TimeSpan.FromSeconds(20);

    private readonly List<PathAttacker> _attackers = [];

    /// <summary>From now on an attacker is on the path of some nodes.</summary>
    internal void Begin(PathAttacker attacker) => _attackers.Add(attacker);

    /// <summary>The attacker is gone; what it kept back still comes.</summary>
    internal void End(PathAttacker attacker) => _attackers.Remove(attacker);

    /// <returns>Whether an attacker has taken a packet: then it is not carried.</returns>
    private bool IsTaken(VirtualNode from, VirtualNode to, in Link source, ReadOnlySpan<byte> packet)
    {
        foreach (var attacker in _attackers)
        {
            if (!attacker.Sees(from.Index, to.Index))
            {
                continue;
            }

            attacker.Capture(from.Index, to.Index, source, packet, ref _random);
            if (Happens(attacker.Share))
            {
                Inject(attacker);
            }

            if (Happens(attacker.Share))
            {
                Tamper(to, source, packet);
                return true;
            }
        }

        return false;
    }

    /// <summary>Drops a packet, keeps it back, or changes it.</summary>
    private void Tamper(VirtualNode to, in Link source, ReadOnlySpan<byte> packet)
    {
        Counters.Tampered++;
        switch (_random.Below(3))
        {
            case 0:
                return;
            case 1:
                Launch(Now + _random.Between(TimeSpan.Zero, LongestKept), to, source, packet);
                return;
            default:
                Launch(Now + _links.Delay.Draw(ref _random), to, source, PathAttacker.Change(packet, ref _random));
                return;
        }
    }

    /// <summary>
    /// Sends something once more that was captured: to its receiver, to its sender, to somebody else, or as if it came
    /// from somebody else.
    /// </summary>
    private void Inject(PathAttacker attacker)
    {
        Counters.Injected++;
        var (sender, receiver, source, packet) = attacker.Any(ref _random);
        var other = _nodes[_random.Below(_nodes.Count)];
        var (to, link) = _random.Below(4) switch
        {
            0 => (_nodes[receiver], source),
            1 => (_nodes[sender], new Link(_nodes[receiver].Address, source.Kind, source.Connection)),
            2 => (other, source),
            _ => (_nodes[receiver], new Link(other.Address, source.Kind, source.Connection)),
        };
        Launch(Now + _links.Delay.Draw(ref _random), to, link, packet);
    }
}
