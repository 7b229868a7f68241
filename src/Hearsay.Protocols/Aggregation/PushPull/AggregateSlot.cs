using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>One aggregate at one node: its definition, who uses it, and its state in the present epoch.</summary>
internal sealed class AggregateSlot(ulong id, AggregateDefinition definition, IAggregateState state)
{
    /// <summary>What another node last said of the error of the state that was looked at.</summary>
    private double _lookError = double.PositiveInfinity;

    /// <summary>How far two looks were apart.</summary>
    private double _lookSpread;

    /// <summary>The aggregate's id.</summary>
    public ulong Id { get; } = id;

    /// <summary>What it is.</summary>
    public AggregateDefinition Definition { get; } = definition;

    /// <summary>What was gathered.</summary>
    public IAggregateState State { get; } = state;

    /// <summary>How far nodes disagreed.</summary>
    public Disagreement Disagreement { get; } = new();

    /// <summary>Who computes it, if push-pull does not.</summary>
    public IAggregateCarrier? Carrier { get; init; }

    /// <summary>Whether the application of this node wants it.</summary>
    public bool IsLocal;

    /// <summary>What part it has in the present epoch.</summary>
    public AggregatePart Part { get; private set; }

    /// <summary>Whether it has had this part since the epoch began here.</summary>
    public bool IsFromBeginning { get; private set; }

    /// <summary>When that began.</summary>
    public Instant Since { get; private set; }

    /// <summary>Whether this node's own value of the epoch is in.</summary>
    public bool HasContributed;

    /// <summary>For how many epochs no node wanted it, as far as is known.</summary>
    public int UnusedEpochs;

    /// <summary>The proof of a member that uses it, in mode identity; otherwise empty.</summary>
    public byte[] Proof = [];

    /// <summary>When that member signed it, in seconds since 1970.</summary>
    public long SignedAt;

    /// <summary>Bytes that may be sent of it, if only others want it; see <see cref="AggregateTable"/>.</summary>
    public int Allowance;

    /// <summary>Whether its state was in the last request, and no answer to it has come.</summary>
    public bool IsAsked;

    /// <summary>Whether it exchanges with others.</summary>
    public bool IsActive => Part is AggregatePart.Whole or AggregatePart.Early;

    /// <summary>
    /// Whether nobody has given anything to it, as far as this node knows. It is never said of a count, as a count of
    /// nobody is a count, nor of a large state, which takes long to come everywhere.
    /// </summary>
    public bool IsEmpty => Definition.Kind switch
    {
        AggregateKind.Average or AggregateKind.Sum or AggregateKind.Variance or AggregateKind.WeightedAverage =>
            State.Contributors == 0,
        AggregateKind.Min or AggregateKind.Max => double.IsNaN(State.Value),
        _ => false,
    };

    /// <summary>
    /// How far nodes are from each other in it; infinite while that is not known. What began late is looked at for
    /// longer: at first few know of it, and those agree soon.
    /// </summary>
    public double Apart => Part switch
    {
        AggregatePart.Whole => Disagreement.Error,
        AggregatePart.Early => Disagreement.CautiousError,
        _ => Math.Max(_lookError, _lookSpread),
    };

    /// <summary>A new epoch begins here.</summary>
    /// <param name="part">What part it has from now on.</param>
    /// <param name="now">The moment.</param>
    public void BeginEpoch(AggregatePart part, Instant now)
    {
        UnusedEpochs = IsLocal ? 0 : UnusedEpochs + 1;
        Begin(part, now);
        IsFromBeginning = true;
    }

    /// <summary>Takes another part from now on, with nothing gathered.</summary>
    public void Begin(AggregatePart part, Instant now)
    {
        (Part, Since, HasContributed) = (Carrier is null ? part : AggregatePart.None, now, false);
        (_lookError, _lookSpread) = (double.PositiveInfinity, 0);
        State.Clear();
        Disagreement.Clear();
        (IsAsked, IsFromBeginning) = (false, false);
        State.StepLimit = double.PositiveInfinity;
    }

    /// <summary>A request's state came.</summary>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        var before = BeforeExchange();
        if (!State.TryAnswer(request, ref answer))
        {
            return false;
        }

        Disagreement.Add(before, State.Value);
        return true;
    }

    /// <summary>An answer's state came.</summary>
    public bool TryApply(ReadOnlySpan<byte> answer)
    {
        IsAsked = false;
        var before = BeforeExchange();
        if (!State.TryApply(answer))
        {
            return false;
        }

        Disagreement.Add(before, State.Value);
        return true;
    }

    /// <summary>
    /// The partner that was asked has no part in it. The mean of those who have is right all the same, but what is a
    /// share of all nodes is not: how far off is not known before all who are met have a part.
    /// </summary>
    public void NoteAbsence()
    {
        if (IsAsked && Definition.Kind is AggregateKind.Sum or AggregateKind.Count)
        {
            IsAsked = false;
            Disagreement.AddUnknown();
        }
    }

    /// <summary>A look came that was asked for: what began late gives way to what was there.</summary>
    /// <param name="error">What the other node says of its error.</param>
    /// <param name="state">Its state.</param>
    /// <param name="now">The moment.</param>
    public bool TryLook(double error, ReadOnlySpan<byte> state, Instant now)
    {
        if (Part == AggregatePart.Early)
        {
            Begin(AggregatePart.Looking, now);
        }

        var before = State.Value;
        if (Part != AggregatePart.Looking || !(error >= 0) || !State.TryCopy(state))
        {
            return false;
        }

        var apart = Math.Abs(State.Value - before);
        (_lookError, _lookSpread) = (error, double.IsNaN(apart) ? 0 : apart);
        return true;
    }

    private double BeforeExchange()
    {
        if (Definition.Trimmed)
        {
            // Honest nodes come to agree to the last digit; rounding is no attack.
            var rounding = 1e-9 * Math.Abs(State.Value);
            State.StepLimit = Disagreement.Limit + (double.IsNaN(rounding) ? 0 : rounding);
        }

        return State.Value;
    }
}
