namespace Hearsay.Protocols.Requests;

/// <summary>The application does not wait for an answer any more.</summary>
/// <param name="Request">The request.</param>
internal sealed record CancelCommand(OutgoingRequest Request);
