using Hearsay.Protocols;

namespace Hearsay.Learning.State;

/// <content>How the model learns from the data of the node.</content>
internal sealed partial class LearnerState
{
    private int _epochsLeft;
    private int _position;

    /// <summary>Whether an update has begun and is not complete.</summary>
    public bool IsUpdating { get; private set; }

    /// <summary>Begins an update: so many passes over the records of this node.</summary>
    public void BeginUpdate() =>
        (_epochsLeft, _position, IsUpdating) = (_options.Epochs, _rows.Length, _rows.Length > 0);

    /// <summary>Goes on with the update, by at least one mini-batch.</summary>
    /// <param name="numbers">About how many numbers to work through.</param>
    /// <param name="random">The generator of this node.</param>
    /// <returns>Whether the update is complete.</returns>
    public bool ContinueUpdate(long numbers, ref SeededRandom random)
    {
        while (IsUpdating)
        {
            if (_position >= _rows.Length && !BeginPass(ref random))
            {
                break;
            }

            var batch = _rows.AsSpan(_position, Math.Min(_options.BatchSize, _rows.Length - _position));
            StepBy(batch);
            _position += batch.Length;
            numbers -= (long)batch.Length * _shape.Count;
            if (numbers <= 0 && (_position < _rows.Length || _epochsLeft > 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A whole update at once.</summary>
    public void UpdateWhole(ref SeededRandom random)
    {
        BeginUpdate();
        ContinueUpdate(long.MaxValue, ref random);
    }

    /// <summary>The length of the step of a model of an age.</summary>
    public static double StepOf(LearningOptions options, long age) => options.Step switch
    {
        StepRule.Inverse => options.Eta / age,
        StepRule.SquareRoot => options.Eta / Math.Sqrt(age),
        _ => options.Eta,
    };

    private bool BeginPass(ref SeededRandom random)
    {
        if (_epochsLeft == 0)
        {
            IsUpdating = false;
            BeginAnewIfDiverged(ref random);
            return false;
        }

        _epochsLeft--;
        _position = 0;
        random.Shuffle<int>(_rows);
        return true;
    }

    private void StepBy(ReadOnlySpan<int> batch)
    {
        var grown = _options.Age == AgeUnit.Records ? batch.Length : 1;
        Age = Math.Min(Age + grown, ModelMessage.MaximumAge);
        for (var part = 0; part < _partAges.Length; part++)
        {
            _partAges[part] = Math.Min(_partAges[part] + grown, Age);
        }

        Counters.Steps++;
        var (step, decay) = ((float)StepOf(_options, Age), (float)_options.Lambda);

        // The published code scales the step up for a part that has learned less. That made parts worse by a point.
        _shape.Model.Update(Parameters, _data, batch, step, decay);
    }

    private void BeginAnewIfDiverged(ref SeededRandom random)
    {
        if (!Kernels.Weights.AreSane(Parameters))
        {
            Counters.Diverged++;
            _shape.Model.Initialise(Parameters, ref random);
            (Age, _radius) = (0, 0);
            _partAges.AsSpan().Clear();
        }
    }
}
