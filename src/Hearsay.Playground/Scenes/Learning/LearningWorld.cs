using Hearsay.Learning;
using Hearsay.Learning.State;
using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Learning;

/// <summary>Nodes with a few points each that learn to tell two classes apart.</summary>
internal sealed class LearningWorld : World
{
    /// <summary>How often a node has gone through its points before it meets anybody.</summary>
    private const int UpdatesBefore = 20;

    /// <summary>How often central training goes through all points.</summary>
    private const int CentralUpdates = 50;

    /// <summary>Points that no node has.</summary>
    private const int TestPoints = 200;

    /// <summary>No model is that old: whoever merges by age takes over what claims it.</summary>
    private const long ClaimedAge = 1L << 40;

    /// <summary>How far the weights of a noisy model are spread.</summary>
    private const double NoiseDeviation = 10;

    private readonly LinearModel _model = LinearModel.Logistic(PointSource.Features);
    private readonly LearningOptions _options;
    private readonly LearningData _test;
    private readonly List<Pupil> _pupils = [];
    private readonly List<PlanePoint> _points = [];
    private PlaneLine[] _lines = [];
    private double _centralError;

    /// <summary>A network whose nodes have learned alone so far.</summary>
    public LearningWorld(KnobValues knobs, ulong seed)
        : base(knobs, seed, knobs.Whole("nodes"), TimeSpan.Zero)
    {
        _options = OptionsOf(knobs);
        var random = SeededRandom.For(seed, 0, 0, 0x7E57);
        _test = PointSource.Draw(TestPoints, null, ref random);
        Network.Renewing = (node, options) => Equip(node.Index, options);
        Network.AfterEvent = AfterEvent;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PlanePoint> Points => _points;

    /// <inheritdoc/>
    public override IReadOnlyList<PlaneLine> Lines => _lines;

    /// <inheritdoc/>
    public override void Join()
    {
        var index = Network.Nodes.Count;
        var random = SeededRandom.For(Seed, (ulong)index, 0, 0xC0);
        var seeds = SeedContacts.Of(Network, ref random);
        var drawn = SeededRandom.For(Seed, (ulong)index, 0, 0xDA7A);
        int? only = Knobs.Whole("data") == 1 ? index % 2 : null;
        var data = PointSource.Draw(Knobs.Whole("points"), only, ref drawn);
        data = IsMarked(index) ? PointSource.Flip(data) : data;
        var chance = SeededRandom.For(Seed, (ulong)index, 0, 0xA10E);
        _pupils.Add(new Pupil(_model, data, _options, _test, UpdatesBefore, chance));
        for (var row = 0; row < data.RowCount; row++)
        {
            _points.Add(new PlanePoint(index, data.Features(row)[0], data.Features(row)[1], data.Target(row) == 1));
        }

        Network.Add(PeerSamplingOptions.Recommended.WithViewSize(10), seeds, options => Equip(index, options));
    }

    /// <inheritdoc/>
    public override bool IsMarked(int node) => node < Knobs.Whole("attackers");

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        var pupil = _pupils[node];
        frame.Add(pupil.Error);
        frame.Add((double)Math.Min(pupil.State?.Age ?? 0, int.MaxValue));
        foreach (var parameter in pupil.Parameters)
        {
            frame.Add((double)parameter);
        }

        frame.Add(pupil.ErrorAlone);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame) => ViewLinks.Write(this, node, frame);

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        Pupil[] honest = [.. Network.Nodes.Where(node => node.IsUp && !IsMarked(node.Index))
            .Select(node => _pupils[node.Index])];
        double[] errors = [.. honest.Select(static pupil => pupil.Error).Order()];
        double[] alone = [.. honest.Select(static pupil => pupil.ErrorAlone).Order()];
        frame.Add(Middle(errors));
        frame.Add(errors.Length == 0 ? double.NaN : errors[^1]);
        frame.Add(errors.Length == 0 ? double.NaN : errors[0]);
        frame.Add(Middle(alone));
        frame.Add(_centralError);
        frame.Add(Disagreement(honest));
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node)
    {
        var pupil = _pupils[node];
        var counters = pupil.State?.Counters ?? new LearningCounters();
        return base.Describe(node).Concat(
        [
            ("is", IsMarked(node) ? "an attacker" : "honest"),
            ("wrong on unseen points", FormattableString.Invariant($"{pupil.Error:0.#} %")),
            ("wrong if it had stayed alone", FormattableString.Invariant($"{pupil.ErrorAlone:0.#} %")),
            ("age of the model", $"{pupil.State?.Age}"), ("models sent", $"{counters.Sent}"),
            ("models merged", $"{counters.Merged}"), ("steps", $"{counters.Steps}"),
            ("ages cut down", $"{counters.AgesCapped}"), ("models clipped", $"{counters.Clipped}"),
            ("models left out", $"{counters.LeftOut}"),
        ]);
    }

    /// <inheritdoc/>
    protected override void OnBegin()
    {
        _lines = [Central()];
        PlanAlone(Instant.Zero + _options.Period);
    }

    private static LearningOptions OptionsOf(KnobValues knobs) => new()
    {
        Period = knobs.Milliseconds("cycle"),
        Mode = knobs.Whole("meet") switch
        {
            0 => MergeMode.AgeWeighted, 1 => MergeMode.Plain, _ => MergeMode.RandomWalk,
        },
        Robust = knobs.Whole("guard") switch { 0 => RobustForm.None, 1 => RobustForm.Clip, _ => RobustForm.Nearest },
        Lambda = 0.1,
        Eta = 10,
    };

    private static double Middle(double[] sorted) =>
        sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    /// <summary>The share of the unseen points of which the nodes do not all say the same, in %.</summary>
    private double Disagreement(Pupil[] nodes)
    {
        var count = 0;
        for (var row = 0; row < _test.RowCount && nodes.Length > 0; row++)
        {
            var first = nodes[0].SaysSecond(row);
            count += Array.Exists(nodes, node => node.SaysSecond(row) != first) ? 1 : 0;
        }

        return 100.0 * count / _test.RowCount;
    }

    /// <summary>One model that is trained on the points of all honest nodes, in one place.</summary>
    private PlaneLine Central()
    {
        var honest = _pupils.Where((_, index) => !IsMarked(index)).Select(static pupil => pupil.Data).ToList();
        var all = PointSource.Union(honest.Count > 0 ? honest : [_pupils[0].Data]);
        var central = new Pupil(_model, all, _options, _test, CentralUpdates, SeededRandom.For(Seed, 0, 0, 0xCE27));
        _centralError = central.ErrorAlone;
        var line = central.Trained.Span;
        return new PlaneLine("all points in one place", line[0], line[1], line[2]);
    }

    /// <summary>The twins learn as often as a node without messages would.</summary>
    private void PlanAlone(Instant at) => Plan(at, () =>
    {
        foreach (var pupil in _pupils)
        {
            pupil.LearnAlone();
        }

        PlanAlone(at + _options.Period);
    });

    private NodeCoreOptions Equip(int index, NodeCoreOptions options) =>
        options with { Protocols = [_pupils[index].Begin(_options)] };

    /// <summary>An attacker has, whatever it heard, what it wants others to take over.</summary>
    private void AfterEvent(VirtualNode node)
    {
        if (!IsMarked(node.Index) || _pupils[node.Index].State is not { } state)
        {
            return;
        }

        switch (Knobs.Whole("attack"))
        {
            case 1:
                Span<float> noise = stackalloc float[PointSource.Features + 1];
                foreach (ref var weight in noise)
                {
                    weight = (float)(NoiseDeviation * PointSource.Normal(ref Random));
                }

                state.Restore(noise, state.Age);
                break;
            case 2:
                state.Restore(state.Parameters, ClaimedAge);
                break;
            default:
                break;
        }
    }
}
