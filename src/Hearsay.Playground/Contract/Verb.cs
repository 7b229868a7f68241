namespace Hearsay.Playground.Contract;

/// <summary>Something that a visitor does to a network while it runs.</summary>
/// <param name="Name">Its name in a link.</param>
/// <param name="Label">The words on its button.</param>
/// <param name="Help">What it does, in a sentence.</param>
/// <param name="Target">
/// What it is done to: <c>node</c>, <c>edge</c>, <c>half</c> (half of the nodes that run), <c>some</c> (a tenth of
/// them) or <c>network</c>.
/// </param>
internal sealed record Verb(string Name, string Label, string Help, string Target)
{
    /// <summary>For how long, if it ends by itself.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How much, where a button does it.</summary>
    public double Amount { get; init; }

    /// <summary>The largest amount, where a slider does it; 0 for a button.</summary>
    public double Most { get; init; }

    /// <summary>The unit of the amount.</summary>
    public string Unit { get; init; } = "";
}
