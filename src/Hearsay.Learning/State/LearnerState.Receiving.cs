using Hearsay.Protocols;

namespace Hearsay.Learning.State;

/// <content>What a received model does.</content>
internal sealed partial class LearnerState
{
    /// <summary>The sum of the models received in this cycle, for averages with equal weights.</summary>
    private readonly float[] _sum;
    private int _sumCount;
    private long _sumAge;

    /// <summary>
    /// Takes a message. If it is used, the caller then lets the model learn (<see cref="BeginUpdate"/>), except in
    /// modes that mix once a cycle.
    /// </summary>
    /// <param name="message">Anything at all.</param>
    /// <param name="header">What the message says, if it is used.</param>
    /// <param name="isUseful">Whether the model had learned as much as the own one.</param>
    /// <param name="random">The generator of this node.</param>
    public MessageRefusal Receive(
        ReadOnlySpan<byte> message, out ModelHeader header, out bool isUseful, ref SeededRandom random)
    {
        isUseful = false;
        var refusal = ModelMessage.TryRead(_shape, message, out header, _scratch.Received);
        if (refusal == MessageRefusal.None && header.Sample != 0 && !MergesSamples)
        {
            refusal = MessageRefusal.Malformed;
        }

        if (refusal != MessageRefusal.None)
        {
            Count(refusal);
            return refusal;
        }

        var part = header.Part;
        isUseful = header.PartAge >= _partAges[part];
        Counters.Merged++;
        var received = _scratch.Received.AsSpan(0, header.Count);
        switch (_options.Mode)
        {
            case MergeMode.RandomWalk:
                received.CopyTo(Parameters);
                (Age, _partAges[0]) = (header.Age, header.Age);
                break;
            case MergeMode.MergeUpdate:
                MergeWithLast(received, header.Age);
                break;
            case MergeMode.UpdateMerge:
                UpdateBothAndMerge(received, header.Age, ref random);
                break;
            case MergeMode.EqualAverage:
                Kernels.Weights.Add(_sum, received, 1);
                _sumCount++;
                _sumAge = Math.Max(_sumAge, header.Age);
                break;
            default:
                MergeByAge(header, received);
                break;
        }

        return MessageRefusal.None;
    }

    /// <summary>Whether this mode can use a sample of a model; the others take models whole.</summary>
    private bool MergesSamples => _options.Mode is MergeMode.AgeWeighted or MergeMode.Plain or MergeMode.Limited;

    /// <summary>A cycle ends: own and received models are averaged with equal weights.</summary>
    public void AverageReceived()
    {
        if (_sumCount == 0)
        {
            return;
        }

        var share = 1f / (1 + _sumCount);
        Kernels.Weights.Scale(Parameters, share);
        Kernels.Weights.Add(Parameters, _sum, share);
        Age = Math.Max(Age, _sumAge);
        _partAges[0] = Age;
        _sum.AsSpan().Clear();
        (_sumCount, _sumAge) = (0, 0);
    }

    private void MergeWithLast(ReadOnlySpan<float> received, long age)
    {
        received.CopyTo(Parameters);
        _shape.Model.Merge(Parameters, _last, 0.5f);
        Age = Math.Max(age, _lastAge);
        _partAges[0] = Age;
        received.CopyTo(_last);
        _lastAge = age;
    }

    private void UpdateBothAndMerge(ReadOnlySpan<float> received, long age, ref SeededRandom random)
    {
        received.CopyTo(Parameters);
        Age = age;
        UpdateWhole(ref random);
        var (learned, learnedAge) = (_scratch.Other, Age);
        Parameters.CopyTo(learned, 0);
        _last.CopyTo(Parameters, 0);
        received.CopyTo(_last);
        (Age, _lastAge) = (_lastAge, age);
        UpdateWhole(ref random);
        _shape.Model.Merge(Parameters, learned, 0.5f);
        Age = Math.Max(Age, learnedAge);
        _partAges[0] = Age;
    }

    private void MergeByAge(in ModelHeader header, Span<float> received)
    {
        var part = header.Part;
        var own = _partAges[part];
        var age = _options.Robust == RobustForm.Clip ? Believable(header.PartAge, own, part) : header.PartAge;
        if (own + age == 0 || HasNoMeasure)
        {
            return;
        }

        var share = ShareOf(own, age);
        if (header.Sample == 0 && _shape.Partitions == 1)
        {
            _shape.Model.Merge(Parameters, received, Clipped(Parameters, received, share));
        }
        else if (header.Sample != 0)
        {
            var places = _scratch.Places.AsSpan(0, header.Count);
            _shape.Sample(header.Sample, places);
            var mine = Gather(places, Parameters, _scratch.Other);
            _shape.Model.Merge(mine, received, Clipped(mine, received, share));
            Scatter(places, mine, Parameters);
        }
        else
        {
            MergePart(header, received, share);
        }

        _partAges[part] = Math.Max(own, age);
        Age = Math.Max(Age, _shape.Partitions == 1 ? age : Math.Min(header.Age, Age + AgeLead(header, age)));
    }

    /// <summary>A claimed age of the whole model, as far as it is believed.</summary>
    private long AgeLead(in ModelHeader header, long partAge) =>
        _options.Robust == RobustForm.Clip ? Math.Max(0, partAge - Age) : Math.Max(0, header.Age - Age);

    /// <summary>
    /// A part merges by its own ages; the biases, which travel with every part, by those of the models.
    /// </summary>
    private void MergePart(in ModelHeader header, Span<float> received, float share)
    {
        var places = _shape.PlacesOf(header.Part);
        var mine = Gather(places, Parameters, _scratch.Other);
        var weights = places.Length - _shape.Model.BiasCount;
        share = Clipped(mine, received, share);
        _shape.Model.Merge(mine[..weights], received[..weights], share);
        if (Age + header.Age > 0 && weights < places.Length)
        {
            var biasShare = _options.Robust == RobustForm.Clip ? share : ShareOf(Age, header.Age);
            _shape.Model.Merge(mine[weights..], received[weights..], biasShare);
        }

        Scatter(places, mine, Parameters);
    }

    /// <summary>The share of a received model of some age.</summary>
    private float ShareOf(long own, long age)
    {
        if (_options.Mode == MergeMode.Limited && Math.Abs(own - age) > _options.LimitedAge * AgeOfUpdate)
        {
            return age > own ? 1 : 0;
        }

        return _options.Mode == MergeMode.Plain ? 0.5f : (float)((double)age / (own + age));
    }

    private void Count(MessageRefusal refusal)
    {
        Counters.Malformed += refusal == MessageRefusal.Malformed ? 1 : 0;
        Counters.OtherModel += refusal == MessageRefusal.OtherModel ? 1 : 0;
        Counters.ImpossibleAge += refusal == MessageRefusal.ImpossibleAge ? 1 : 0;
        Counters.NotFinite += refusal == MessageRefusal.NotFinite ? 1 : 0;
    }
}
