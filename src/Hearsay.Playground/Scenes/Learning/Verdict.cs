using Hearsay.Learning;

namespace Hearsay.Playground.Scenes.Learning;

/// <summary>How a model does on points that no node has. It is judged again only when it has changed.</summary>
internal sealed class Verdict(ILearningModel model, LearningData test)
{
    private readonly float[] _judged = new float[model.ParameterCount];
    private readonly bool[] _saysSecond = new bool[test.RowCount];
    private bool _isJudged;
    private double _percent;

    /// <summary>The share of the points that the model gets wrong, in %.</summary>
    public double ErrorOf(ReadOnlySpan<float> parameters)
    {
        if (_isJudged && parameters.SequenceEqual(_judged))
        {
            return _percent;
        }

        parameters.CopyTo(_judged);
        var wrong = 0;
        for (var row = 0; row < test.RowCount; row++)
        {
            var said = model.Predict(parameters, test.Features(row));
            _saysSecond[row] = said == 1;
            wrong += said == test.Target(row) ? 0 : 1;
        }

        (_isJudged, _percent) = (true, 100.0 * wrong / test.RowCount);
        return _percent;
    }

    /// <summary>What the model said of a point when it was judged last.</summary>
    public bool SaysSecond(int row) => _saysSecond[row];
}
