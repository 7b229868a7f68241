using Hearsay.Protocols;
using Hearsay.Simulation.Faults;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>Runs a network while the faults of a plan happen to it.</summary>
public sealed class FaultInjector
{
    private readonly VirtualNetwork _network;
    private readonly PriorityQueue<(Action Do, bool IsEnd), (Instant At, int Number)> _actions = new();
    private readonly Action? _join;
    private readonly long[] _counts = new long[Enum.GetValues<FaultKind>().Length];

    /// <summary>The shares of loss of the storms that blow.</summary>
    private readonly List<double> _storms = [];
    private readonly double _calmLoss;
    private int _number;

    /// <summary>Nothing happens before <see cref="RunUntil"/>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">The faults, at times on the network's clock.</param>
    /// <param name="join">Adds a node; null ignores joins.</param>
    public FaultInjector(VirtualNetwork network, FaultPlan plan, Action? join = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(network);
        (_network, _join, _calmLoss) = (network, join, network.Links.Loss);
        foreach (var fault in plan.Faults)
        {
            At(fault.At, () => Begin(fault), isEnd: false);
        }
    }

    /// <summary>The number of faults that began, by kind.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>Lets virtual time pass up to a moment.</summary>
    public void RunUntil(Instant end)
    {
        while (_actions.TryPeek(out _, out var when) && when.At <= end)
        {
            var (action, _) = _actions.Dequeue();
            _network.RunUntil(Instant.Max(when.At, _network.Now));
            action();
        }

        _network.RunUntil(end);
    }

    /// <summary>Starts a fault that is not in the plan now, whatever time it names. If it has a duration, it ends
    /// later.</summary>
    /// <param name="fault">The fault.</param>
    public void Strike(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Begin(fault with { At = _network.Now });
    }

    /// <summary>Ends all lasting faults now. Nodes that crashed stay down, and pauses continue.</summary>
    public void EndAll()
    {
        var rest = new List<((Action Do, bool IsEnd) Action, (Instant At, int Number) When)>();
        while (_actions.TryDequeue(out var action, out var when))
        {
            rest.Add((action, when));
        }

        foreach (var (action, when) in rest)
        {
            if (action.IsEnd)
            {
                action.Do();
            }
            else
            {
                _actions.Enqueue(action, when);
            }
        }
    }

    private void At(Instant moment, Action action, bool isEnd = true) =>
        _actions.Enqueue((action, isEnd), (moment, _number++));

    private void Begin(Fault fault)
    {
        _counts[(int)fault.Kind]++;
        switch (fault.Kind)
        {
            case FaultKind.Split:
                Cut(PartitionKind.Full, fault);
                break;
            case FaultKind.Bridge:
                Cut(PartitionKind.Bridged, fault);
                break;
            case FaultKind.Mute:
                Cut(PartitionKind.OneWay, fault);
                break;
            case FaultKind.Storm:
                Storm(fault);
                break;
            case FaultKind.Attack:
                Attack(fault);
                break;
            case FaultKind.Antique:
                ForgedNews.SendAntique(_network, fault.Nodes);
                break;
            case FaultKind.Join:
                for (var i = 0; i < (int)Math.Max(1, fault.Amount); i++)
                {
                    _join?.Invoke();
                }

                break;
            default:
                foreach (var index in fault.Nodes.Where(index => index < _network.Nodes.Count))
                {
                    Strike(fault, _network.Nodes[index]);
                }

                break;
        }
    }

    /// <summary>Of several storms at once the worst counts.</summary>
    private void Storm(Fault fault)
    {
        void Blow() => _network.Links = _network.Links with { Loss = _storms.Append(_calmLoss).Max() };
        var loss = Math.Clamp(fault.Amount, 0, 1);
        _storms.Add(loss);
        Blow();
        At(fault.End, () =>
        {
            _storms.Remove(loss);
            Blow();
        });
    }

    private void Attack(Fault fault)
    {
        var attacker = new PathAttacker(fault.Nodes, Math.Clamp(fault.Amount, 0, 1));
        _network.Begin(attacker);
        At(fault.End, () => _network.End(attacker));
    }

    private void Cut(PartitionKind kind, Fault fault)
    {
        var partition = new Partition(kind, fault.Nodes);
        _network.Begin(partition);
        At(fault.End, () => _network.End(partition));
    }

    private void Strike(Fault fault, VirtualNode node)
    {
        if (fault.Kind is FaultKind.Restart or FaultKind.Forget or FaultKind.Amnesia)
        {
            Revive(fault.Kind, node);
            return;
        }

        if (!node.IsUp)
        {
            return;
        }

        switch (fault.Kind)
        {
            case FaultKind.Crash:
                _network.Kill(node);
                break;
            case FaultKind.Leave:
                _network.Leave(node);
                break;
            case FaultKind.Pause:
                _network.Pause(node, fault.Duration);
                break;
            case FaultKind.Slow:
                _network.Slow(node, TimeSpan.FromMilliseconds(fault.Amount));
                At(fault.End, () => _network.Slow(node, TimeSpan.Zero));
                break;
            case FaultKind.Drift:
                _network.Drift(node, Math.Clamp(fault.Amount, 0.5, 2));
                break;
            default:
                _network.Move(node);
                break;
        }
    }

    private void Revive(FaultKind kind, VirtualNode node)
    {
        if (node.IsUp)
        {
            _network.Kill(node);
        }

        node.PausedUntil = Instant.Zero;
        _network.Restart(node, options => kind switch
        {
            FaultKind.Forget => options with
            {
                Self = new SelfDescription(
                    new NodeId(SeededRandom.Mix(options.Seed), options.Seed), 1, options.Self.Addresses, []),
            },
            FaultKind.Amnesia => options with
            {
                Self = new SelfDescription(options.Self.Id, 1, options.Self.Addresses, []),
            },
            _ => options,
        });
    }
}
