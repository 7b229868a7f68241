using Hearsay.Learning;
using Hearsay.Learning.Exchange;
using Hearsay.Learning.State;

namespace Hearsay.Playground.Scenes.Learning;

/// <summary>
/// One node that learns: its points, the protocol that runs on it, and a twin of the same points who never meets
/// anybody.
/// </summary>
internal sealed class Pupil
{
    private readonly ILearningModel _model;
    private readonly LearnerState _alone;
    private readonly Verdict _togetherVerdict;
    private readonly Verdict _aloneVerdict;
    private readonly TrainedModel _start;
    private SeededRandom _random;

    /// <summary>A node that has learned alone so far.</summary>
    /// <param name="model">The kind of model.</param>
    /// <param name="data">The points of the node.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="test">Points to judge it with.</param>
    /// <param name="updates">How often it has gone through its points so far.</param>
    /// <param name="random">The chance of the twin.</param>
    public Pupil(
        ILearningModel model, LearningData data, LearningOptions options, LearningData test, int updates,
        SeededRandom random)
    {
        (_model, Data, _random) = (model, data, random);
        var shape = new ModelShape(model, 1);
        int[] rows = [.. Enumerable.Range(0, data.RowCount)];
        _alone = new LearnerState(shape, data, rows, options, new LearnerScratch(shape), ref _random);
        for (var i = 0; i < updates; i++)
        {
            LearnAlone();
        }

        _start = new TrainedModel(model, _alone.Parameters, _alone.Age);
        (_togetherVerdict, _aloneVerdict) = (new Verdict(model, test), new Verdict(model, test));
        Protocol = null!;
    }

    /// <summary>Its points.</summary>
    public LearningData Data { get; }

    /// <summary>The protocol of the node's present life.</summary>
    public LearningProtocol Protocol { get; private set; }

    /// <summary>What it has learned.</summary>
    public LearnerState? State => Protocol.State;

    /// <summary>Its parameters: two weights and the bias.</summary>
    public ReadOnlySpan<float> Parameters => State is { } state ? state.Parameters : _start.Parameters.Span;

    /// <summary>The parameters before it met anybody.</summary>
    public ReadOnlyMemory<float> Trained => _start.Parameters;

    /// <summary>What it gets wrong of points that nobody has, in %.</summary>
    public double Error => _togetherVerdict.ErrorOf(Parameters);

    /// <summary>What its twin gets wrong, in %.</summary>
    public double ErrorAlone => _aloneVerdict.ErrorOf(_alone.Parameters);

    /// <summary>What it says of a point, after <see cref="Error"/> was asked.</summary>
    public bool SaysSecond(int row) => _togetherVerdict.SaysSecond(row);

    /// <summary>A life begins: the node goes on with what it had learned alone.</summary>
    public LearningProtocol Begin(LearningOptions options) =>
        Protocol = new LearningProtocol(_model, Data, options, observer: null, _start);

    /// <summary>The twin goes through its points once more.</summary>
    public void LearnAlone() => _alone.UpdateWhole(ref _random);
}
