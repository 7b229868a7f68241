using System.Globalization;
using Hearsay.Learning;
using Hearsay.Learning.State;
using Hearsay.Protocols;

namespace Hearsay.Lab.Models.Learning;

/// <summary>Nodes that want to ruin the model of all.</summary>
internal sealed class LearningAttack
{
    /// <summary>No model is that old: whoever merges by age takes over what claims it.</summary>
    private const long ClaimedAge = 1L << 40;

    /// <summary>How far the parameters of a noisy model are spread, unless the attack says it.</summary>
    private const double NoiseDeviation = 10;

    private readonly ModelShape _shape;
    private readonly string _attack;
    private readonly double _deviation;
    private readonly bool _claimsAge;
    private readonly int _bits;
    private readonly bool[] _isAttacker;
    private readonly float[] _noise;

    public LearningAttack(LearningRunOptions options, ModelShape shape, LearningSplit split, ref SeededRandom random)
    {
        // "noise-1000" has another deviation, and "noise-1000-age" claims an age as well.
        var words = options.Attack.Split('-');
        (_shape, _attack, _noise) = (shape, words[0], new float[shape.Count]);
        (_claimsAge, _bits) = (words[^1] == "age", options.Learning.Bits);
        _deviation = words.Length > 1 ? double.Parse(words[1], CultureInfo.InvariantCulture) : NoiseDeviation;
        _isAttacker = new bool[options.Nodes];
        _isAttacker.AsSpan(0, (int)Math.Round(options.Attackers * options.Nodes)).Fill(true);
        random.Shuffle<bool>(_isAttacker);
        var targets = new float[split.Train.RowCount];
        for (var row = 0; row < targets.Length; row++)
        {
            targets[row] = (split.Train.Target(row) + 1) % split.Train.ClassCount;
        }

        Data = split.Train.WithTargets(targets);
    }

    /// <summary>The data with every label turned into another.</summary>
    public LearningData Data { get; }

    /// <summary>Whether a node is one of them.</summary>
    public bool IsAttacker(int node) => _isAttacker[node];

    /// <summary>Writes what an attacker sends.</summary>
    public int Write(LearnerState state, int part, Span<byte> destination, ref SeededRandom random)
    {
        if (_attack == "flip" || _shape.Partitions > 1)
        {
            return state.Write(part, destination, ref random);
        }

        var parameters = state.Parameters;
        if (_attack == "noise")
        {
            for (var i = 0; i < _noise.Length; i++)
            {
                _noise[i] = (float)(_deviation * LearningPlacement.Normal(ref random));
            }

            parameters = _noise;
        }

        var age = _claimsAge ? ClaimedAge : state.Age;
        var header = new ModelHeader(age, age, 0, parameters.Length, 0, _bits);
        return ModelMessage.Write(_shape, header, parameters, destination, ref random);
    }
}
