using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;

namespace Hearsay.Playground.Scenes.Averaging;

/// <summary>Nodes that average a number each, in epochs.</summary>
internal sealed class AveragingWorld : World
{
    private const int Answer = (AggregationProtocol.ProtocolId * 32) + AggregationMessage.Answer;

    private static readonly AggregateDefinition Definition = new("number", AggregateKind.Average);
    private static readonly ulong DefinitionId = AggregateDefinitionCodec.IdOf(Definition);

    private readonly AggregationOptions _options;
    private readonly List<Participant> _participants = [];
    private int _toLose;
    private int _lost;

    /// <summary>A network whose first whole epoch is about to begin.</summary>
    public AveragingWorld(KnobValues knobs, ulong seed)
        : base(knobs, seed, knobs.Whole("nodes"), TimeSpan.FromSeconds(knobs.Whole("cycles") + 1.5))
    {
        var tries = knobs.Whole("tries");
        _options = new AggregationOptions
        {
            Tries = tries, RetryUntilSettled = tries > 1, Leaders = knobs.Whole("leaders"),
        }
            .WithCycles(null, knobs.Whole("cycles"));
        Network.Renewing = (node, options) => Equip(node.Index, options);
        Network.AfterEvent = AfterEvent;
        Recorder.Vanishes = Vanishes;
    }

    /// <inheritdoc/>
    public override void Join()
    {
        var index = Network.Nodes.Count;
        var random = SeededRandom.For(Seed, (ulong)index, 0, 0xC0);
        var sampling = PeerSamplingOptions.Recommended.WithViewSize(Knobs.Whole("c") / 2 * 2);
        var seeds = SeedContacts.Of(Network, ref random);
        var number = Math.Round(SeededRandom.For(Seed, (ulong)index, 0, 0x7A).NextDouble() * 100);
        _participants.Add(new Participant(number));
        var node = Network.Add(sampling, seeds, options => Equip(index, options));
        Want(node);
    }

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        var protocol = _participants[node].Protocol;
        frame.Add(Knobs.Whole("shows") == 0 ? Estimate(node) : Counted(node));
        frame.Add(_participants[node].Number);
        frame.Add(protocol.NetworkSize ?? double.NaN);
        frame.Add(Counted(node));
        frame.Add((double)protocol.Leaders.Count);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame) => ViewLinks.Write(this, node, frame);

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var (sum, squares, numbers, count, sizes, sized) = (0.0, 0.0, 0.0, 0, 0.0, 0);
        foreach (var node in Network.Nodes.Where(static node => node.IsUp))
        {
            var estimate = Estimate(node.Index);
            (sum, squares, count) = (sum + estimate, squares + (estimate * estimate), count + 1);
            numbers += _participants[node.Index].Given;
            if (_participants[node.Index].Protocol.NetworkSize is { } size)
            {
                (sizes, sized) = (sizes + size, sized + 1);
            }
        }

        var mean = count == 0 ? 0 : sum / count;
        var variance = count == 0 ? 0 : Math.Max(1e-12, (squares / count) - (mean * mean));
        var error = count == 0 ? 0 : Math.Abs(mean - (numbers / count));
        CheckMass(variance, error);
        frame.Add(variance);
        frame.Add(error);
        frame.Add(sized == 0 ? double.NaN : sizes / sized);
        frame.Add((double)_lost);
        frame.Add(MiddleCount());
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node)
    {
        var protocol = _participants[node].Protocol;
        return base.Describe(node).Concat(
        [
            ("own number", FormattableString.Invariant($"{_participants[node].Number:0.##}")),
            ("estimate", FormattableString.Invariant($"{Estimate(node):0.######}")),
            ("epoch", $"{protocol.Epoch}, {protocol.Phase}"),
            ("exchanges begun", $"{protocol.Counters.Started}"),
            ("completed", $"{protocol.Counters.Completed}"),
            ("asked again", $"{protocol.Counters.Retries}"),
            ("answers given again", $"{protocol.Counters.AnswersRepeated}"),
        ]);
    }

    /// <inheritdoc/>
    protected override bool TryActHere(string verb, Fault shape, out string? wrong)
    {
        wrong = null;
        switch (verb)
        {
            case "loseanswer":
                _toLose++;
                return true;
            case "set":
                foreach (var node in shape.Nodes)
                {
                    _participants[node].Number = Math.Clamp(shape.Amount, 0, 100);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// While packets travel, one of two has moved and the other has not. When all agree, the sum is what it was, unless
    /// nodes came or went.
    /// </summary>
    private void CheckMass(double variance, double error)
    {
        const double agreed = 1e-4, wrong = 0.01;
        if (variance < agreed && error > wrong && Network.Nodes.All(static node => node.IsUp && node.Life == 0))
        {
            Recorder.Note("mass", FormattableString.Invariant(
                $"All nodes agree on a mean that is off by {error:0.###}: an answer was lost for good."));
        }
    }

    /// <summary>What a node would say now of how many nodes there are; NaN before it has heard of a leader.</summary>
    private double Counted(int node)
    {
        var (size, _) = _participants[node].Protocol.Leaders.Estimate();
        return double.IsFinite(size) ? size : double.NaN;
    }

    private double MiddleCount()
    {
        var counts = Network.Nodes.Where(static node => node.IsUp).Select(node => Counted(node.Index))
            .Where(double.IsFinite).Order().ToList();
        return counts.Count == 0 ? double.NaN : counts[counts.Count / 2];
    }

    private double Estimate(int node)
    {
        var participant = _participants[node];
        var value = participant.Protocol.Table.Find(DefinitionId)?.State.Value ?? double.NaN;
        return double.IsFinite(value) ? value : participant.Number;
    }

    private NodeCoreOptions Equip(int index, NodeCoreOptions options)
    {
        var participant = _participants[index];
        participant.Protocol = new AggregationProtocol(_options, participant, sink: null);
        return options with { Protocols = [participant.Protocol] };
    }

    private void Want(VirtualNode node) => Network.Command(node, (core, now) =>
        core.Post(now, AggregationProtocol.ProtocolId, new AggregationCommand.Define(Definition)));

    /// <summary>A value that was asked for is given when the event is over, as an application would.</summary>
    private void AfterEvent(VirtualNode node)
    {
        var participant = _participants[node.Index];
        if (participant.Asked is { } epoch)
        {
            (participant.Asked, participant.Given) = (null, participant.Number);
            var input = new AggregateInput(participant.Number);
            var command = new AggregationCommand.ProvideValue(DefinitionId, epoch, input);
            Network.Command(node, (core, now) => core.Post(now, AggregationProtocol.ProtocolId, command));
        }
    }

    private bool Vanishes(VirtualNode from, int to, int kind)
    {
        if (kind != Answer || _toLose == 0)
        {
            return false;
        }

        _toLose--;
        _lost++;
        return true;
    }
}
