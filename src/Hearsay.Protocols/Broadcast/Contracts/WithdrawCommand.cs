namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// A command that tells a <see cref="BroadcastProtocol"/> not to publish a message after all. If the message is still
/// waiting, its <see cref="PublishCommand.Done"/> is called with <see cref="PublishOutcome.Withdrawn"/>. Otherwise
/// nothing happens. Immutable.
/// </summary>
/// <param name="Publish">The command that was given before; the same object, not an equal one.</param>
internal sealed record WithdrawCommand(PublishCommand Publish);
