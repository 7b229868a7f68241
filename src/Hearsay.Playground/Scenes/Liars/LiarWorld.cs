using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Scenes.Averaging;
using Hearsay.Playground.Worlds;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Aggregation.States;
using Hearsay.Protocols.Wire;

namespace Hearsay.Playground.Scenes.Liars;

/// <summary>Nodes that average a number each, some of which lie.</summary>
internal sealed class LiarWorld : World
{
    private readonly AggregationOptions _options;
    private readonly AggregateDefinition _definition;
    private readonly ulong _id;
    private readonly byte[] _lie;
    private readonly List<Participant> _participants = [];

    /// <summary>A network whose first whole epoch is about to begin.</summary>
    public LiarWorld(KnobValues knobs, ulong seed)
        : base(knobs, seed, knobs.Whole("nodes"), TimeSpan.FromSeconds(knobs.Whole("cycles") + 1.5))
    {
        _options = new AggregationOptions().WithCycles(null, knobs.Whole("cycles"));
        var bounds = knobs.Whole("bounds") == 1;
        _definition = new AggregateDefinition("number", AggregateKind.Average)
        {
            Minimum = bounds ? 0 : null, Maximum = bounds ? 100 : null, Trimmed = knobs.Whole("trimmed") == 1,
        };
        _id = AggregateDefinitionCodec.IdOf(_definition);
        _lie = LieOf(knobs["says"]);
        Network.Renewing = (node, options) => Equip(node.Index, options);
        Network.AfterEvent = AfterEvent;
    }

    /// <inheritdoc/>
    public override void Join()
    {
        var index = Network.Nodes.Count;
        var random = SeededRandom.For(Seed, (ulong)index, 0, 0xC0);
        var seeds = SeedContacts.Of(Network, ref random);
        var number = Math.Round(SeededRandom.For(Seed, (ulong)index, 0, 0x7A).NextDouble() * 100);
        _participants.Add(new Participant(IsMarked(index) ? Knobs["says"] : number));
        var node = Network.Add(
            PeerSamplingOptions.Recommended.WithViewSize(10), seeds, options => Equip(index, options));
        Network.Command(node, (core, now) =>
            core.Post(now, AggregationProtocol.ProtocolId, new AggregationCommand.Define(_definition)));
    }

    /// <inheritdoc/>
    public override bool IsMarked(int node) => node < Knobs.Whole("liars");

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        frame.Add(Estimate(node));
        frame.Add(_participants[node].Number);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame) => ViewLinks.Write(this, node, frame);

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var (sum, squares, numbers, count, refused) = (0.0, 0.0, 0.0, 0, 0L);
        foreach (var node in Network.Nodes.Where(node => node.IsUp && !IsMarked(node.Index)))
        {
            var estimate = Estimate(node.Index);
            (sum, squares, count) = (sum + estimate, squares + (estimate * estimate), count + 1);
            numbers += _participants[node.Index].Number;
            refused += _participants[node.Index].Protocol.Counters.StatesRefused;
        }

        var of = Math.Max(1, count);
        frame.Add(sum / of);
        frame.Add(numbers / of);
        frame.Add(Math.Abs(sum - numbers) / of);
        frame.Add(Math.Sqrt(Math.Max(0, (squares / of) - (sum / of * (sum / of)))));
        frame.Add((double)refused);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node)
    {
        var protocol = _participants[node].Protocol;
        return base.Describe(node).Concat(
        [
            ("is", IsMarked(node) ? "a liar" : "honest"),
            ("own number", FormattableString.Invariant($"{_participants[node].Number:0.##}")),
            ("estimate", FormattableString.Invariant($"{Estimate(node):0.######}")),
            ("epoch", $"{protocol.Epoch}, {protocol.Phase}"), ("refused", $"{protocol.Counters.StatesRefused}"),
        ]);
    }

    private double Estimate(int node)
    {
        var value = _participants[node].Protocol.Table.Find(_id)?.State.Value ?? double.NaN;
        return double.IsFinite(value) ? value : _participants[node].Number;
    }

    /// <summary>The state of a node that has heard nothing but its own lie.</summary>
    private static byte[] LieOf(double number)
    {
        var state = new MomentState(new AggregateDefinition("number", AggregateKind.Average));
        state.TryContribute(new AggregateInput(number));
        var bytes = new byte[state.MaximumBytes];
        var writer = new WireWriter(bytes);
        state.WriteRequest(ref writer);
        return bytes;
    }

    private NodeCoreOptions Equip(int index, NodeCoreOptions options)
    {
        var participant = _participants[index];
        participant.Protocol = new AggregationProtocol(_options, participant, sink: null);
        return options with { Protocols = [participant.Protocol] };
    }

    /// <summary>A value that was asked for is given; who insists has forgotten all that it heard.</summary>
    private void AfterEvent(VirtualNode node)
    {
        var participant = _participants[node.Index];
        if (participant.Asked is { } epoch)
        {
            participant.Asked = null;
            var input = new AggregateInput(participant.Number);
            var command = new AggregationCommand.ProvideValue(_id, epoch, input);
            Network.Command(node, (core, now) => core.Post(now, AggregationProtocol.ProtocolId, command));
        }

        if (IsMarked(node.Index) && Knobs.Whole("lie") == 1)
        {
            participant.Protocol.Table.Find(_id)?.State.TryCopy(_lie);
        }
    }
}
