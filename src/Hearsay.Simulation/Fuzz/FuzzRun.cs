using Hearsay.Protocols;
using Hearsay.Protocols.Security;
using Hearsay.Simulation.Checks;
using Hearsay.Simulation.Fuzz;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>One case: a network of nodes under watch while things go wrong, and perhaps a quiet phase.</summary>
public static class FuzzRun
{
    /// <summary>Runs a case to its end or to the first broken rule.</summary>
    public static FuzzOutcome Run(FuzzCase fuzz) => Run(fuzz, cipher: null);

    /// <summary>Runs a case, in mode key or identity if there is a cryptography for it.</summary>
    /// <param name="fuzz">The case.</param>
    /// <param name="cipher">The cryptography of mode key; null for another mode.</param>
    /// <param name="destination">Where a trace of the run is written to; null for none.</param>
    /// <param name="identities">The cryptography of mode identity; null for another mode.</param>
    internal static FuzzOutcome Run(
        FuzzCase fuzz, RecordCipher? cipher, Stream? destination = null, FuzzIdentities? identities = null)
    {
        ArgumentNullException.ThrowIfNull(fuzz);
        var network = new VirtualNetwork(
            new VirtualNetworkOptions { Seed = fuzz.Seed, Links = fuzz.Links, KeepsNotices = false });
        var cluster = identities is null ? null : new FuzzCluster(identities, fuzz.Seed);
        network.Renewing = cluster is null ? null : cluster.Renew;
        var protect = cluster is not null ? cluster.Join : cipher is null ? null : ProtectionBy(cipher, fuzz.Seed);
        network.Witness = new NodeChecks(network);
        using var trace = destination is null ? null : TraceOf(fuzz, network, destination);
        var injector = new FaultInjector(network, fuzz.Plan, () => Add(network, fuzz, protect));
        InvariantViolationException? broken = null;
        var quiet = false;
        try
        {
            for (var i = 0; i < fuzz.Nodes; i++)
            {
                Add(network, fuzz, protect);
            }

            injector.RunUntil(Instant.Zero + fuzz.Trouble);
            if (fuzz.EndsQuietly)
            {
                quiet = LivenessCheck.Applies(fuzz);
                LivenessCheck.Run(network, injector, fuzz);
            }
        }
        catch (InvariantViolationException violation)
        {
            broken = violation;
        }
#pragma warning disable CA1031 // Whatever a node throws is what is looked for.
        catch (Exception thrown)
        {
            var where = thrown.StackTrace?.Split('\n').FirstOrDefault()?.Trim();
            broken = new InvariantViolationException(
                $"exception: {thrown.GetType().Name}: {thrown.Message} {where}", thrown);
        }
#pragma warning restore CA1031

        if (broken is not null)
        {
            trace?.Break(broken.Rule, broken.Message);
        }

        var time = network.Now - Instant.Zero;
        return new FuzzOutcome
        {
            Seed = fuzz.Seed,
            Rule = broken?.Rule,
            Message = broken?.Message,
            Events = network.EventsHandled,
            Time = time,
            NodeTime = time * network.Nodes.Count,
            Faults = injector.Counts,
            Links = network.Counters,
            CheckedLiveness = quiet,
            TraceHash = network.TraceHash,
        };
    }

    private static NetworkTrace TraceOf(FuzzCase fuzz, VirtualNetwork network, Stream destination)
    {
        var trace = new NetworkTrace(network, destination, new NetworkTraceOptions
        {
            Title = $"Seed {fuzz.Seed} of the fuzzer", Text = fuzz.Describe(),
        });
        foreach (var fault in fuzz.Plan.Faults)
        {
            trace.Tell(fault);
        }

        return trace;
    }

    /// <summary>Gives all nodes the one key of mode key.</summary>
    private static Func<int, NodeCoreOptions, NodeCoreOptions> ProtectionBy(RecordCipher cipher, ulong seed)
    {
        var glass = new GlassCipher(cipher, seed);
        var secret = new byte[RecordCipher.KeyBytes];
        glass.Fill(secret);
        var security = new NodeSecurity(glass, [new RecordKey(glass, secret, version: 1, "default")]);
        return (_, options) => options with { Security = security };
    }

    /// <summary>Every node is given three contacts, the first node among them; none is at its own address.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fuzz">The case.</param>
    /// <param name="protect">Gives a node, by index, what its mode of security needs; null for mode open.</param>
    internal static void Add(
        VirtualNetwork network, FuzzCase fuzz, Func<int, NodeCoreOptions, NodeCoreOptions>? protect = null)
    {
        var index = network.Nodes.Count;
        var random = SeededRandom.For(fuzz.Seed, (ulong)index, 0, 0xC0);
        NodeAddress[] seeds =
        [
            VirtualNetwork.AddressOf(0),
            VirtualNetwork.AddressOf(random.Below(fuzz.Nodes)),
            VirtualNetwork.AddressOf(random.Below(fuzz.Nodes)),
        ];
        network.Add(fuzz.Sampling, [.. seeds.Distinct().Where(a => a != VirtualNetwork.AddressOf(index))],
            options => protect?.Invoke(index, options) ?? options);
    }
}
