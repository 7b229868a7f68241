namespace Hearsay;

/// <summary>A rumor that the application wanted told was not taken: the event of <c>RumorProtocol</c>.</summary>
/// <param name="PayloadBytes">Its length.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record RumorRefused(int PayloadBytes, string Reason);
