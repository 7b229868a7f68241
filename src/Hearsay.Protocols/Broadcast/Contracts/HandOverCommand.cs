namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// Tells a <see cref="BroadcastProtocol"/> that its node leaves: it publishes nothing more and sees to it that a
/// neighbour has what it published.
/// </summary>
/// <param name="Limit">How long that may take at most.</param>
/// <param name="Done">
/// Called once, inside the event loop, with the names of those messages that no neighbour is known to have whole.
/// </param>
internal sealed record HandOverCommand(TimeSpan Limit, Action<IReadOnlyList<BroadcastId>> Done);
