using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.FlowUpdating;

/// <summary>
/// One aggregate in flow updating: this node's value, a flow to each sticky neighbour, and the estimate that is left.
/// </summary>
internal sealed class FlowSlot : CarriedSlot
{
    /// <summary>
    /// Flows and estimates may pass through states far outside the range of the values while links fail; what is a
    /// million times larger than any value would cost all digits of it, for ever, and is refused.
    /// </summary>
    private const double LimitFactor = 1e6;

    private readonly MomentLayout _layout;
    private readonly int _places;
    private readonly double _limit;

    /// <summary>What this node gives, in cells.</summary>
    private readonly double[] _given;
    private readonly double[] _estimate;

    /// <summary>By cell, then by the neighbour's place.</summary>
    private readonly double[] _flows;

    /// <summary>One bit for each place.</summary>
    private uint _asked;

    public FlowSlot(ulong id, AggregateDefinition definition, int places, Instant now)
        : base(id, definition)
    {
        (_layout, _places, Since) = (new MomentLayout(definition), places, now);
        _limit = Math.Min(MomentLayout.LargestCell, LimitFactor * _layout.LargestGiven);
        _given = new double[_layout.CellCount];
        _estimate = new double[_layout.CellCount];
        _flows = new double[_layout.CellCount * places];
    }

    /// <summary>How many cells it has.</summary>
    public int CellCount => _layout.CellCount;

    /// <summary>Since when this node takes part.</summary>
    public Instant Since { get; }

    /// <summary>How many cycles it has taken part.</summary>
    public int Cycles { get; set; }

    /// <summary>The estimate in cells.</summary>
    public ReadOnlySpan<double> Cells => _estimate;

    /// <summary>What the estimate says.</summary>
    public double Value => _layout.ValueOf(_estimate);

    /// <summary>The flow of a cell to the neighbour in a place.</summary>
    public double Flow(int cell, int place) => _flows[(cell * _places) + place];

    /// <summary>Whether the last exchange with the neighbour in a place stated this aggregate.</summary>
    public bool IsAsked(int place) => (_asked & (1u << place)) != 0;

    /// <summary>It did, or there was no room for it.</summary>
    public void SetAsked(int place, bool isAsked) =>
        _asked = isAsked ? _asked | (1u << place) : _asked & ~(1u << place);

    /// <summary>This node's value is another one now.</summary>
    /// <returns>False if it is no number or absurd; then nothing has changed.</returns>
    public bool TryChange(in AggregateInput input)
    {
        if (!_layout.TryFill(input, _given))
        {
            return false;
        }

        Settle();
        return true;
    }

    /// <summary>This node gives nothing any more.</summary>
    public void Withdraw()
    {
        _given.AsSpan().Clear();
        Settle();
    }

    /// <summary>Whether numbers that came can be calculated with.</summary>
    public bool AreSound(ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
        {
            if (!IsSound(number))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A neighbour's exchange came.</summary>
    public void Receive(int place, ReadOnlySpan<double> flows, ReadOnlySpan<double> estimates)
    {
        var before = Value;
        for (var cell = 0; cell < flows.Length; cell++)
        {
            FlowKernel.Receive(ref FlowOf(cell, place), ref _estimate[cell], flows[cell], estimates[cell]);
        }

        Settle();
        Disagreement.Add(before, Value);
    }

    /// <summary>A neighbour's answer came.</summary>
    public void Adopt(int place, ReadOnlySpan<double> flows)
    {
        var before = Value;
        for (var cell = 0; cell < flows.Length; cell++)
        {
            FlowKernel.Adopt(ref FlowOf(cell, place), ref _estimate[cell], flows[cell]);
        }

        Settle();
        Disagreement.Add(before, Value);
    }

    /// <summary>The neighbour in a place is gone: what flowed to it returns.</summary>
    public void DropFlow(int place)
    {
        for (var cell = 0; cell < CellCount; cell++)
        {
            FlowOf(cell, place) = 0;
        }

        Settle();
    }

    /// <summary>How much of all that flows here flows over a link: from 0 to 1.</summary>
    public double ShareOf(int place)
    {
        var share = 0.0;
        for (var cell = 0; cell < CellCount; cell++)
        {
            var total = 0.0;
            foreach (var flow in FlowsOf(cell))
            {
                total += Math.Abs(flow);
            }

            share = total > 0 ? Math.Max(share, Math.Abs(Flow(cell, place)) / total) : share;
        }

        return share;
    }

    /// <summary>What the application is told.</summary>
    public AggregateEstimate Read(
        Instant now, bool isAlone, int settleExchanges, NetworkSizeEstimate? networkSize) => Estimate(
        Value, Together(isAlone ? 0 : Disagreement.Error, _layout.RoundingErrorOf(_estimate)), Cycles, Cycles,
        now - Since, isFinal: true,
        isAlone ? Cycles > settleExchanges / 2 : Disagreement.Count >= settleExchanges, _estimate[0], networkSize);

    private ref double FlowOf(int cell, int place) => ref _flows[(cell * _places) + place];

    private ReadOnlySpan<double> FlowsOf(int cell) => _flows.AsSpan(cell * _places, _places);

    private bool IsSound(double number)
    {
        return FlowKernel.IsValid(number, _limit);
    }

    /// <summary>From scratch each time: what a lying neighbour did to the digits goes when its flow goes.</summary>
    private void Settle()
    {
        for (var cell = 0; cell < CellCount; cell++)
        {
            _estimate[cell] = FlowKernel.Estimate(_given[cell], FlowsOf(cell));
        }
    }
}
