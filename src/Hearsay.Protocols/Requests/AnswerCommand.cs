namespace Hearsay.Protocols.Requests;

/// <summary>A handler is done.</summary>
/// <param name="Key">The request.</param>
/// <param name="Status">Answered, failed, or nothing that is sent if the request was cancelled.</param>
/// <param name="Payload">The answer. It does not change any more.</param>
internal sealed record AnswerCommand(RequestKey Key, RequestStatus Status, ReadOnlyMemory<byte> Payload);
