namespace Hearsay;

/// <summary>
/// The event of <c>RumorProtocol</c> that the node did not accept a rumor of the application. Immutable.
/// </summary>
/// <param name="PayloadBytes">The length of the payload.</param>
/// <param name="Reason">The reason, as text for people.</param>
public sealed record RumorRefused(int PayloadBytes, string Reason);
