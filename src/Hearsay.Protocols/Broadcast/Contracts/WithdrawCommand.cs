namespace Hearsay.Protocols;

/// <summary>
/// Tells a <see cref="BroadcastProtocol"/> that a message is not to be published any more, as a command of the
/// application. If it still waits, its <see cref="PublishCommand.Done"/> is called with
/// <see cref="PublishOutcome.Withdrawn"/>; if not, nothing happens.
/// </summary>
/// <param name="Publish">The very command that was given before.</param>
public sealed record WithdrawCommand(PublishCommand Publish);
