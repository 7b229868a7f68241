using Hearsay.Learning.Kernels;

namespace Hearsay.Learning.State;

/// <content>Protection against models that are meant to harm.</content>
internal sealed partial class LearnerState
{
    /// <summary>How many updates per cycle an honest model can be ahead: it may have visited several nodes.</summary>
    private const int UpdatesPerCycle = 4;

    /// <summary>How fast the radius follows the median of the distances: by so much a cycle at most.</summary>
    private const float RadiusPace = 1.2f;

    /// <summary>The same for models that were asked for: a cycle has several, so that their median says more.</summary>
    private const float PulledRadiusPace = 2;

    /// <summary>How many medians away a model is too far.</summary>
    private const float PulledRadii = 2;

    /// <summary>
    /// A model so many radii away does not move the own one at all: clipping bounds how far it moves it, and a constant
    /// direction adds up.
    /// </summary>
    private const float OutlierRadii = 4;

    /// <summary>All models of a cycle together move the own one by no more than so many radii.</summary>
    private const float RadiiPerCycle = 2;

    private readonly PulledModel[] _pulled;
    private int _pulledCount;

    /// <summary>How far the age of each part may still be raised by what others claim.</summary>
    private readonly long[] _leads;

    /// <summary>
    /// About the median distance of received models; 0 before there is one. It begins with the length of the own model,
    /// which others have no part in before this node took anything from them.
    /// </summary>
    private float _radius;

    /// <summary>How many more models of this cycle were beyond the radius than within it.</summary>
    private int _farBalance;

    /// <summary>How far models of this cycle moved the own one.</summary>
    private float _moved;

    /// <summary>Whether to take nothing from others yet: a node that has not learned cannot tell what is far.</summary>
    private bool HasNoMeasure =>
        _options.Robust != RobustForm.None && _radius == 0 && Age == 0 && _rows.Length > 0;

    private long LeadPerCycle => UpdatesPerCycle * Math.Max(1, AgeOfUpdate);

    /// <summary>A cycle has passed.</summary>
    public void OnCycle()
    {
        foreach (ref var lead in _leads.AsSpan())
        {
            lead = Math.Min(lead + LeadPerCycle, ModelMessage.MaximumAge);
        }

        _radius *= Math.Sign(_farBalance) switch { > 0 => RadiusPace, < 0 => 1 / RadiusPace, _ => 1 };
        (_farBalance, _moved) = (0, 0);
    }

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

    /// <summary>
    /// A cycle ends: the own model is averaged with those of the pulled ones that are nearest to it. One that is too
    /// far nevertheless, because most of the pulled ones are an attacker's, counts for less.
    /// </summary>
    public void MixWithNearest()
    {
        var pulled = _pulled.AsSpan(0, _pulledCount);
        _pulledCount = 0;
        if (pulled.IsEmpty || HasNoMeasure)
        {
            Counters.LeftOut += pulled.Length;
            return;
        }

        pulled.Sort(static (left, right) => left.Age.CompareTo(right.Age));
        var median = pulled[(pulled.Length - 1) / 2].Age;
        foreach (var model in pulled)
        {
            model.Distance = MathF.Sqrt(FixedLanes.SquaredDistance(model.Parameters, Parameters));
            Counters.AgesCapped += model.Age > Math.Max(Age, median) ? 1 : 0;
        }

        pulled.Sort(static (left, right) => left.Distance.CompareTo(right.Distance));
        FollowMedian(pulled[(pulled.Length - 1) / 2].Distance);
        var kept = Math.Max(1, (int)Math.Round(pulled.Length * (1 - _options.LeftOut)));
        Counters.LeftOut += pulled.Length - kept;
        Average(pulled[..kept]);

        // Now and then most of the pulled models are an attacker's: the median alone is not enough.
        Age = Math.Max(Age, Believable(median, Age, 0));
        _partAges[0] = Age;
    }

    private void FollowMedian(float median) => _radius = _radius == 0
        ? FirstRadius(Parameters, median)
        : Math.Clamp(median, _radius / PulledRadiusPace, _radius * PulledRadiusPace);

    private void Average(ReadOnlySpan<PulledModel> models)
    {
        var own = 1f;
        foreach (var model in models)
        {
            var isFar = model.Distance > PulledRadii * _radius;
            model.Share = (isFar ? PulledRadii * _radius / model.Distance : 1) / (1 + models.Length);
            own -= model.Share;
            Counters.Clipped += isFar ? 1 : 0;
        }

        Weights.Scale(Parameters, own);
        foreach (var model in models)
        {
            Weights.Add(Parameters, model.Parameters, model.Share);
        }
    }

    /// <summary>
    /// As much of a claimed age as can be true: a model is ahead of this one by a few updates for each cycle since this
    /// node last learned of a higher age. Several models of a cycle raise the age by that together, not each.
    /// </summary>
    private long Believable(long claimed, long own, int part)
    {
        ref var lead = ref _leads[part];
        var most = own + lead;
        if (claimed > own)
        {
            lead = Math.Max(0, Math.Min(lead, LeadPerCycle) - (claimed - own));
        }

        Counters.AgesCapped += claimed > most ? 1 : 0;
        return Math.Min(claimed, most);
    }

    /// <summary>
    /// The share of a received model, so that it moves the own one by no more than about half of all do, and all of a
    /// cycle together by no more than two of those.
    /// </summary>
    private float Clipped(ReadOnlySpan<float> own, ReadOnlySpan<float> received, float share)
    {
        if (_options.Robust != RobustForm.Clip)
        {
            return share;
        }

        var distance = MathF.Sqrt(FixedLanes.SquaredDistance(received, own));
        _radius = _radius == 0 ? FirstRadius(own, distance) : _radius;
        var isFar = distance > _radius;
        _farBalance += isFar ? 1 : -1;
        var wish = distance > OutlierRadii * _radius ? 0 : share * Math.Min(distance, _radius);
        var move = Math.Clamp((RadiiPerCycle * _radius) - _moved, 0, wish);
        _moved += move;
        Counters.Clipped += isFar || move < wish ? 1 : 0;
        return isFar || move < wish ? move / distance : share;
    }

    /// <summary>What is far for a node that took nothing yet: more than the length of what it learned alone.</summary>
    private float FirstRadius(ReadOnlySpan<float> own, float distance)
    {
        var length = MathF.Sqrt(FixedLanes.Dot(own, own));
        return length > 0 && _rows.Length > 0 ? length : distance;
    }
}
