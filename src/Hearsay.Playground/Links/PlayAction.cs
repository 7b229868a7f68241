namespace Hearsay.Playground.Links;

/// <summary>
/// What a visitor did at a moment, in the text of a fault plan with the verbs of the playground in it: <c>kind@ms</c>,
/// then <c>:node,node</c>, <c>+ms</c> and <c>*amount</c> where there are any.
/// </summary>
/// <param name="Verb">What was done.</param>
/// <param name="Shape">When, to whom, for how long and how much; its kind has no meaning.</param>
internal sealed record PlayAction(string Verb, Fault Shape)
{
    private const string AnyKind = "crash";

    /// <summary>The moment, in virtual time since the scene began.</summary>
    public Instant At => Shape.At;

    /// <summary>Reads one action.</summary>
    /// <returns>False if it is none.</returns>
    public static bool TryParse(string text, out PlayAction action)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var shape = new Fault(FaultKind.Crash, Instant.Zero);
        var holds = at > 0 && text.AsSpan(0, at).IndexOfAnyExceptInRange('a', 'z') < 0
            && Fault.TryParse(AnyKind + text[at..], out shape);
        action = new PlayAction(holds ? text[..at] : "", shape);
        return holds;
    }

    /// <summary>The text of the action.</summary>
    public override string ToString() =>
        Verb + (Shape with { Kind = FaultKind.Crash }).ToString()[AnyKind.Length..];
}
