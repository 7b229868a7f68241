using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.PushSum;

/// <summary>One aggregate in push-sum: the sums and the weight that a node holds.</summary>
internal sealed class PushSumSlot : CarriedSlot
{
    /// <summary>
    /// The weights of so many nodes in one push are not believed: with uniform partners nobody comes to hold a tenth.
    /// </summary>
    private const double LargestWeight = 1024;

    private readonly MomentLayout _layout;
    private readonly double _limit;
    private readonly double[] _sums;
    private double _weight;

    public PushSumSlot(ulong id, AggregateDefinition definition)
        : base(id, definition)
    {
        _layout = new MomentLayout(definition);
        _limit = Math.Min(MomentLayout.LargestCell, LargestWeight * _layout.LargestGiven);
        _sums = new double[_layout.CellCount];
    }

    /// <summary>How many sums it has.</summary>
    public int CellCount => _layout.CellCount;

    /// <summary>The sums held.</summary>
    public ReadOnlySpan<double> Sums => _sums;

    /// <summary>The weight held.</summary>
    public double Weight => _weight;

    /// <summary>Whether this node's own value of the epoch is in.</summary>
    public bool HasContributed { get; private set; }

    /// <summary>Whether the node has taken part since the beginning of the epoch.</summary>
    public bool IsActive { get; private set; }

    /// <summary>What the sums are to the weight, as the layout reads it.</summary>
    public double Value
    {
        get
        {
            Span<double> means = stackalloc double[MomentLayout.MaximumCells];
            return _layout.ValueOf(Means(means));
        }
    }

    /// <summary>A new epoch begins here.</summary>
    /// <param name="takesPart">Whether from the beginning; else the node only passes on.</param>
    public void Begin(bool takesPart)
    {
        (IsActive, HasContributed, _weight) = (takesPart, false, takesPart ? 1 : 0);
        _sums.AsSpan().Clear();
        Disagreement.Clear();
    }

    /// <summary>Adds this node's own value, once an epoch.</summary>
    /// <returns>False if it is no number or absurd, or not the first.</returns>
    public bool TryContribute(in AggregateInput input)
    {
        Span<double> given = stackalloc double[MomentLayout.MaximumCells];
        if (!IsActive || HasContributed || !_layout.TryFill(input, given))
        {
            return false;
        }

        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i] += given[i];
        }

        HasContributed = true;
        return true;
    }

    /// <summary>Halves what it holds and writes the other half.</summary>
    public void WriteHalf(ref WireWriter writer)
    {
        writer.WriteUInt64(Id);
        writer.WriteByte((byte)_sums.Length);
        writer.WriteDouble(PushSumKernel.Halve(ref _weight));
        foreach (ref var sum in _sums.AsSpan())
        {
            writer.WriteDouble(PushSumKernel.Halve(ref sum));
        }
    }

    /// <summary>Takes in what came.</summary>
    /// <returns>False if it is no number, absurd, or of the wrong length; then nothing has changed.</returns>
    public bool TryTake(double weight, ReadOnlySpan<byte> sums)
    {
        Span<double> came = stackalloc double[_sums.Length];
        var reader = new WireReader(sums);
        foreach (ref var sum in came)
        {
            sum = reader.ReadDouble();
            if (!PushSumKernel.IsValid(sum, weight) || Math.Abs(sum) > _limit)
            {
                return false;
            }
        }

        if (sums.Length != sizeof(double) * came.Length || weight > LargestWeight
            || came[0] < 0 || came[0] > LargestWeight)
        {
            return false;
        }

        var before = Value;
        for (var i = 0; i < came.Length; i++)
        {
            PushSumKernel.Absorb(ref _sums[i], came[i]);
        }

        PushSumKernel.Absorb(ref _weight, weight);
        // Here the value moves by what the weights say, not by half; the measure is as cautious.
        Disagreement.Add(before, Value);
        return true;
    }

    /// <summary>What the application is told.</summary>
    public AggregateEstimate Read(
        EpochClock clock, Instant now, bool isFinal, bool isAlone, NetworkSizeEstimate? networkSize)
    {
        Span<double> room = stackalloc double[MomentLayout.MaximumCells];
        var means = Means(room);
        var error = Together(isAlone ? 0 : Disagreement.Error, _layout.RoundingErrorOf(means));
        return Estimate(
            Value, error, clock.Epoch, clock.Cycle(now), clock.Elapsed(now), isFinal, isReady: true, means[0],
            networkSize);
    }

    private Span<double> Means(Span<double> means)
    {
        means = means[.._sums.Length];
        for (var i = 0; i < means.Length; i++)
        {
            means[i] = PushSumKernel.Estimate(_sums[i], _weight);
        }

        return means;
    }
}
