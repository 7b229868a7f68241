namespace Hearsay.Protocols.Aggregation.Definitions;

/// <summary>What the application tells aggregation, through <see cref="IProtocol.OnCommand"/>.</summary>
internal abstract record AggregationCommand
{
    private AggregationCommand()
    {
    }

    /// <summary>The aggregate is wanted here: it takes part from the next epoch on, and is kept alive.</summary>
    internal sealed record Define(AggregateDefinition Definition) : AggregationCommand;

    /// <summary>It is not wanted here any more; it is forgotten when nobody wants it.</summary>
    internal sealed record Release(ulong Id) : AggregationCommand;

    /// <summary>This node's value; too late for its epoch or out of its range, it is refused and counted.</summary>
    internal sealed record ProvideValue(ulong Id, long Epoch, AggregateInput Input) : AggregationCommand;
}
