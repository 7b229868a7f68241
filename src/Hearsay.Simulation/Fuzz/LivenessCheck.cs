using Hearsay.Protocols;
using Hearsay.Simulation.Checks;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation.Fuzz;

/// <summary>
/// When nothing goes wrong any more, within a bound of cycles: every live node is in one component, nobody names a dead
/// one, and views are at least half full.
/// </summary>
internal static class LivenessCheck
{
    /// <summary>What a view must hold at least, of what it could.</summary>
    private const double Fill = 0.5;

    /// <summary>
    /// Views below this lose nodes, as the validation of the options warns: there only the dead are looked for.
    /// </summary>
    private const int SafeViewSize = 12;

    private static readonly LinkModel Calm = new();

    /// <summary>
    /// Whether the overlay of a case must heal: only pushpull does from every start, and head asks the same partner.
    /// </summary>
    public static bool Applies(FuzzCase fuzz) =>
        fuzz.Sampling is
        {
            EvictOnTimeout: true, Propagation: Propagation.PushPull, Selection: not PeerSelection.Head,
        };

    /// <summary>
    /// The longest back-off of a node that could not join; until every quarantine has ended; four looks at lost peers
    /// on average; and until every entry of a view has been contacted twice.
    /// </summary>
    public static TimeSpan Bound(PeerSamplingOptions sampling)
    {
        var cycles = sampling.QuarantineCycles + (4 * sampling.RecontactCycles) + (2 * sampling.ViewSize) + 20;
        return TimeSpan.FromSeconds(60) + (sampling.CycleTime * cycles);
    }

    /// <summary>
    /// Where partners are chosen at random and views are not full, nothing displaces a dead entry: it goes when its
    /// holder tries it, with a chance of 1/c a cycle, and does not come back. This is how long it takes until, but for
    /// one case in a million, all of the at most n c entries have been tried: (1 - 1/c)^t n c = 10^-6.
    /// </summary>
    private static TimeSpan UntilAllAreTried(PeerSamplingOptions sampling, int nodes) =>
        sampling.CycleTime * (sampling.ViewSize * Math.Ceiling(ExactMath.Log(1e6 * nodes * sampling.ViewSize)));

    private static bool ChoosesAtRandom(PeerSamplingOptions sampling) =>
        sampling.Form == ExchangeForm.Newscast
        || (sampling.Form == ExchangeForm.HalfViews && sampling.Selection == PeerSelection.Rand);

    /// <summary>Runs the quiet phase and throws if the overlay is not whole at its end.</summary>
    public static void Run(VirtualNetwork network, FaultInjector injector, FuzzCase fuzz)
    {
        network.Links = Calm;
        injector.RunUntil(Instant.Max(network.Now, fuzz.Plan.End));
        network.Links = Calm;
        if (!network.Nodes[0].IsUp)
        {
            // Somebody must be where newcomers are told to ask.
            network.Restart(network.Nodes[0]);
        }

        foreach (var node in network.Nodes)
        {
            var other = network.Nodes.FirstOrDefault(other => other.IsUp && other.Index > 0) ?? node;
            node.Seeds = [node.Index == 0 ? other.Address : network.Nodes[0].Address];
        }

        network.Run(Bound(fuzz.Sampling));
        if (!Applies(fuzz))
        {
            return;
        }

        if (ChoosesAtRandom(fuzz.Sampling) && NamesTheDead(network))
        {
            network.Run(UntilAllAreTried(fuzz.Sampling, network.Nodes.Count));
        }

        Check(network, fuzz.Sampling);
    }

    private static bool NamesTheDead(VirtualNetwork network)
    {
        var up = network.Nodes.Where(node => node.IsUp).Select(node => node.Core.Self.Id).ToHashSet();
        return network.Nodes.Any(node => node.IsUp && node.Core.View.Copy().Any(peer => !up.Contains(peer.Id)));
    }

    private static void Check(VirtualNetwork network, PeerSamplingOptions sampling)
    {
        var up = network.Nodes.Where(node => node.IsUp).ToArray();
        var index = new Dictionary<NodeId, int>();
        for (var i = 0; i < up.Length; i++)
        {
            index[up[i].Core.Self.Id] = i;
        }

        var root = Enumerable.Range(0, up.Length).ToArray();
        int Find(int i) => root[i] == i ? i : root[i] = Find(root[i]);
        var view = new SeenView();
        for (var i = 0; i < up.Length; i++)
        {
            view.Read(up[i].Core);
            foreach (ref readonly var entry in view.Entries)
            {
                if (index.TryGetValue(entry.Id, out var other))
                {
                    root[Find(i)] = Find(other);
                }
                else
                {
                    Require(false, "dead", up[i], "names a dead node");
                }
            }

            if (sampling.ViewSize < SafeViewSize)
            {
                continue;
            }

            var least = (int)(Fill * Math.Min(sampling.ViewSize, up.Length - 1));
            Require(sampling.Form == ExchangeForm.Cyclon || view.Count >= least, "fill", up[i],
                $"has {view.Count} entries, not {least}, after {up[i].Core.Counters.ExchangesStarted} exchanges, "
                + $"{up[i].Core.Counters.ExchangesCompleted} of them answered");
        }

        for (var i = 1; i < up.Length && sampling.ViewSize >= SafeViewSize; i++)
        {
            Require(Find(i) == Find(0), "component", up[i], "is in another component than the first");
        }
    }

    private static void Require(bool holds, string rule, VirtualNode node, string message)
    {
        if (!holds)
        {
            throw new InvariantViolationException(
                rule, $"{rule}: node {node.Index} {message} at the end of the quiet phase");
        }
    }
}
