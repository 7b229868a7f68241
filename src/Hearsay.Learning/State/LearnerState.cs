using Hearsay.Protocols;

namespace Hearsay.Learning.State;

/// <summary>
/// What one node has learned, and how it learns: the algorithm itself, without peers and without time. The live node,
/// the simulator and the experiments of the lab run this same class.
/// </summary>
/// <remarks>Not thread safe. Nothing here allocates after the constructor.</remarks>
internal sealed partial class LearnerState
{
    private readonly ModelShape _shape;
    private readonly LearningOptions _options;
    private readonly LearningData _data;
    private readonly LearnerScratch _scratch;

    /// <summary>The records of this node, in the order of the present pass.</summary>
    private readonly int[] _rows;

    /// <summary>The age of each part. The model in one part has its age here too.</summary>
    private readonly long[] _partAges;

    /// <summary>The model received before the freshest one, for modes that merge those two.</summary>
    private readonly float[] _last;
    private long _lastAge;

    public LearnerState(
        ModelShape shape, LearningData data, int[] rows, LearningOptions options, LearnerScratch scratch,
        ref SeededRandom random)
    {
        (_shape, _data, _rows, _options, _scratch) = (shape, data, rows, options, scratch);
        Parameters = new float[shape.Count];
        _partAges = new long[shape.Partitions];
        _leads = options.Robust == RobustForm.None ? [] : new long[shape.Partitions];
        Array.Fill(_leads, LeadPerCycle);
        shape.Model.Initialise(Parameters, ref random);
        var keepsLast = options.Mode is MergeMode.MergeUpdate or MergeMode.UpdateMerge;
        _last = keepsLast ? [.. Parameters] : [];
        _sum = options.Mode == MergeMode.EqualAverage ? new float[shape.Count] : [];
        _pulled = [];
        if (options.Robust == RobustForm.Nearest)
        {
            _pulled = [.. Enumerable.Range(0, options.Pulls).Select(_ => new PulledModel(shape.Count))];
        }
    }

    /// <summary>The freshest model.</summary>
    public float[] Parameters { get; }

    /// <summary>Its age.</summary>
    public long Age { get; private set; }

    /// <summary>The age of a part.</summary>
    public long PartAge(int part) => _partAges[part];

    /// <summary>What was counted.</summary>
    public LearningCounters Counters { get; } = new();

    /// <summary>How much the age grows by one update.</summary>
    public long AgeOfUpdate => _options.Epochs * (_options.Age == AgeUnit.Records
        ? (long)_rows.Length
        : (_rows.Length + _options.BatchSize - 1) / _options.BatchSize);

    /// <summary>The most bytes of a message.</summary>
    public int MaximumMessageBytes => ModelMessage.MaximumBytes(
        _shape.Model, _options.Subsample < 1 ? _shape.SampleCount(_options.Subsample) : _shape.CountOf(0),
        _options.Bits);

    /// <summary>Goes on with a model that was saved.</summary>
    public void Restore(ReadOnlySpan<float> parameters, long age)
    {
        parameters.CopyTo(Parameters);
        Age = age;
        Array.Fill(_partAges, age);
        if (_last.Length > 0)
        {
            parameters.CopyTo(_last);
            _lastAge = age;
        }
    }

    /// <summary>
    /// Writes what is sent to a peer: a part of the model, a sample of it, or all. Returns the bytes.
    /// </summary>
    public int Write(int part, Span<byte> destination, ref SeededRandom random)
    {
        var bytes = Compose(part, destination, ref random);
        Counters.Sent++;
        Counters.BytesSent += bytes;
        return bytes;
    }

    /// <summary>The same, without counting that it is sent.</summary>
    public int Compose(int part, Span<byte> destination, ref SeededRandom random)
    {
        var sample = 0u;
        ReadOnlySpan<float> parameters = Parameters;
        if (_options.Subsample < 1)
        {
            sample = (uint)(random.NextUInt64() >> 32) | 1;
            var places = _scratch.Places.AsSpan(0, _shape.SampleCount(_options.Subsample));
            _shape.Sample(sample, places);
            parameters = Gather(places, Parameters, _scratch.Other);
        }
        else if (_shape.Partitions > 1)
        {
            parameters = Gather(_shape.PlacesOf(part), Parameters, _scratch.Other);
        }

        var header = new ModelHeader(
            Age, Math.Min(Age, _partAges[part]), part, parameters.Length, sample, _options.Bits);
        return ModelMessage.Write(_shape, header, parameters, destination, ref random);
    }

    private static Span<float> Gather(ReadOnlySpan<int> places, ReadOnlySpan<float> from, float[] into)
    {
        for (var i = 0; i < places.Length; i++)
        {
            into[i] = from[places[i]];
        }

        return into.AsSpan(0, places.Length);
    }

    private static void Scatter(ReadOnlySpan<int> places, ReadOnlySpan<float> from, Span<float> into)
    {
        for (var i = 0; i < places.Length; i++)
        {
            into[places[i]] = from[i];
        }
    }
}
