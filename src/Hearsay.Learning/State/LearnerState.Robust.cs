using Hearsay.Learning.Kernels;

namespace Hearsay.Learning.State;

/// <content>Protection against models that are meant to harm.</content>
internal sealed partial class LearnerState
{
    /// <summary>How many updates per cycle an honest model can be ahead: it may have visited several nodes.</summary>
    private const int UpdatesPerCycle = 4;

    /// <summary>How fast the radius follows the median of the distances.</summary>
    private const float RadiusPace = 1.1f;

    private readonly PulledModel[] _pulled;
    private int _pulledCount;
    private long _cyclesSinceRaise;

    /// <summary>About the median distance of received models.</summary>
    private float _radius;

    /// <summary>A cycle has passed.</summary>
    public void OnCycle() => _cyclesSinceRaise++;

    /// <summary>Takes a model that this node asked for; <see cref="MixWithNearest"/> uses it.</summary>
    public MessageRefusal Gather(ReadOnlySpan<byte> message)
    {
        var refusal = ModelMessage.TryRead(_shape, message, out var header, _scratch.Received);
        if (refusal == MessageRefusal.None && header.Sample != 0)
        {
            refusal = MessageRefusal.Malformed;
        }

        if (refusal != MessageRefusal.None)
        {
            Count(refusal);
            return refusal;
        }

        if (_pulledCount < _pulled.Length)
        {
            var place = _pulled[_pulledCount++];
            _scratch.Received.CopyTo(place.Parameters, 0);
            place.Age = header.Age;
            Counters.Merged++;
        }

        return MessageRefusal.None;
    }

    /// <summary>A cycle ends: the own model is averaged with those of the pulled ones that are nearest to it.</summary>
    public void MixWithNearest()
    {
        if (_pulledCount == 0)
        {
            return;
        }

        var pulled = _pulled.AsSpan(0, _pulledCount);
        pulled.Sort(static (left, right) => left.Age.CompareTo(right.Age));
        var median = pulled[(pulled.Length - 1) / 2].Age;
        foreach (var model in pulled)
        {
            model.Distance = FixedLanes.SquaredDistance(model.Parameters, Parameters);
            Counters.AgesCapped += model.Age > Math.Max(Age, median) ? 1 : 0;
        }

        pulled.Sort(static (left, right) => left.Distance.CompareTo(right.Distance));
        var kept = Math.Max(1, (int)Math.Round(pulled.Length * (1 - _options.LeftOut)));
        Counters.LeftOut += pulled.Length - kept;
        var share = 1f / (1 + kept);
        Weights.Scale(Parameters, share);
        foreach (var model in pulled[..kept])
        {
            Weights.Add(Parameters, model.Parameters, share);
        }


        // Now and then most of the pulled models are an attacker's: the median alone is not enough.
        Age = Math.Max(Age, Believable(median, Age));
        _partAges[0] = Age;
        _pulledCount = 0;
    }

    /// <summary>
    /// As much of a claimed age as can be true: a model is ahead of this one by a few updates for each cycle since this
    /// node last learned of a higher age.
    /// </summary>
    private long Believable(long claimed, long own)
    {
        var most = own + (UpdatesPerCycle * Math.Max(1, AgeOfUpdate) * (1 + _cyclesSinceRaise));
        if (claimed > own)
        {
            _cyclesSinceRaise = 0;
        }

        Counters.AgesCapped += claimed > most ? 1 : 0;
        return Math.Min(claimed, most);
    }

    /// <summary>
    /// The share of a received model, so that it moves the own one by no more than about half of all do.
    /// </summary>
    private float Clipped(ReadOnlySpan<float> own, ReadOnlySpan<float> received, float share)
    {
        if (_options.Robust != RobustForm.Clip)
        {
            return share;
        }

        var distance = MathF.Sqrt(FixedLanes.SquaredDistance(received, own));
        if (_radius == 0)
        {
            _radius = distance;
        }

        var isFar = distance > _radius;
        var clipped = isFar && distance > 0 ? share * (_radius / distance) : share;
        _radius = isFar ? _radius * RadiusPace : _radius / RadiusPace;
        Counters.Clipped += isFar ? 1 : 0;
        return clipped;
    }
}
