using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Playground.Scenes.Rumors;

/// <summary>Nodes with rumor mongering; the newest rumor is shown.</summary>
internal sealed class RumorWorld : World
{
    private static readonly Instant FirstAt = Instant.Zero + TimeSpan.FromSeconds(1);

    private readonly RumorOptions _options;
    private readonly List<RumorProtocol> _protocols = [];
    private ulong _newest;

    /// <summary>A network that has run for some seconds.</summary>
    public RumorWorld(KnobValues knobs, ulong seed)
        : base(knobs, seed, knobs.Whole("nodes"), TimeSpan.FromSeconds(6))
    {
        _options = new RumorOptions
        {
            Mode = Enum.Parse<RumorMode>(Modes[knobs.Whole("mode")], ignoreCase: true),
            Interest = Enum.Parse<RumorInterest>(Interests[knobs.Whole("interest")], ignoreCase: true),
            K = knobs.Whole("k"), Fanout = knobs.Whole("fanout"), CycleTime = knobs.Milliseconds("cycle"),
            PushCycles = RumorOptions.PushCyclesFor(knobs.Whole("nodes")),
        };
        Network.Renewing = (node, options) => Equip(node.Index, options);
    }

    /// <summary>The words for who begins a contact.</summary>
    public static string[] Modes { get; } = ["push", "pull", "pushpull", "pushthenpull"];

    /// <summary>The words for what makes a node bored.</summary>
    public static string[] Interests { get; } = ["counter", "coin"];

    /// <inheritdoc/>
    public override void Join()
    {
        var index = Network.Nodes.Count;
        var random = SeededRandom.For(Seed, (ulong)index, 0, 0xC0);
        _protocols.Add(null!);
        Network.Add(
            PeerSamplingOptions.Recommended.WithViewSize(12), SeedContacts.Of(Network, ref random),
            options => Equip(index, options));
    }

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        var state = StateOf(node);
        frame.Add((double)(int)state.Phase);
        frame.Add((double)state.Counter);
        frame.Add((double)state.Age);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame) => ViewLinks.Write(this, node, frame);

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var (up, know, tell, copies, requests) = (0, 0, 0, 0L, 0L);
        foreach (var node in Network.Nodes.Where(static node => node.IsUp))
        {
            var phase = StateOf(node.Index).Phase;
            up++;
            know += phase != RumorPhase.Unknown ? 1 : 0;
            tell += phase is RumorPhase.Fresh or RumorPhase.Hot ? 1 : 0;
            copies += _protocols[node.Index].Counters.CopiesSent;
            requests += _protocols[node.Index].Counters.RequestsSent;
        }

        var of = Math.Max(1, up);
        frame.Add(100.0 * know / of);
        frame.Add(100.0 * tell / of);
        frame.Add(100.0 * (up - know) / of);
        frame.Add((double)copies / of);
        frame.Add((double)requests / of);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node)
    {
        var (state, counters) = (StateOf(node), _protocols[node].Counters);
        return base.Describe(node).Concat(
        [
            ("newest rumor", $"{state.Phase}, counter {state.Counter}, age {state.Age}"),
            ("heard", $"{counters.Heard}"), ("heard again", $"{counters.Duplicates}"),
            ("copies sent", $"{counters.CopiesSent}"), ("asked", $"{counters.RequestsSent}"),
        ]);
    }

    /// <inheritdoc/>
    protected override void OnBegin() => Plan(FirstAt, () => Spread(0));

    /// <inheritdoc/>
    protected override bool TryActHere(string verb, Fault shape, out string? wrong)
    {
        wrong = null;
        foreach (var node in verb == "rumor" ? shape.Nodes : [])
        {
            Spread(node);
        }

        return verb == "rumor";
    }

    private RumorState StateOf(int node)
    {
        var memory = _protocols[node].Memory;
        return memory.TryFind(_newest, out var place) ? memory[place].State : default;
    }

    private void Spread(int node)
    {
        if (Network.Nodes[node].IsUp)
        {
            var command = new SpreadCommand(new byte[] { 1 }, id => _newest = id?.Key ?? _newest);
            Network.Command(Network.Nodes[node], (core, now) => core.Post(now, RumorProtocol.FrameId, command));
        }
    }

    private NodeCoreOptions Equip(int index, NodeCoreOptions options)
    {
        _protocols[index] = new RumorProtocol(_options);
        return options with { Protocols = [_protocols[index]] };
    }
}
