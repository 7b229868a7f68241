namespace Hearsay.Protocols;

/// <summary>One aggregate at one node: its definition, who uses it, and its state in the present epoch.</summary>
internal sealed class AggregateSlot(ulong id, AggregateDefinition definition, IAggregateState state)
{
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

    /// <summary>Whether it takes part in the present epoch: it was known when the epoch began here.</summary>
    public bool IsActive;

    /// <summary>Whether this node's own value of the epoch is in.</summary>
    public bool HasContributed;

    /// <summary>For how many epochs no node wanted it, as far as is known.</summary>
    public int UnusedEpochs;

    /// <summary>A new epoch begins here.</summary>
    public void Begin(bool takesPart)
    {
        (IsActive, HasContributed) = (takesPart && Carrier is null, false);
        UnusedEpochs = IsLocal ? 0 : UnusedEpochs + 1;
        State.Clear();
        Disagreement.Clear();
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
        var before = BeforeExchange();
        if (!State.TryApply(answer))
        {
            return false;
        }

        Disagreement.Add(before, State.Value);
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
