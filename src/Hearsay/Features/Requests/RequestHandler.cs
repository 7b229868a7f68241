namespace Hearsay;

/// <summary>Answers requests of other nodes. It runs on the thread pool, for many requests at the same time.</summary>
/// <param name="request">The request.</param>
/// <param name="cancellationToken">
/// Cancelled when nobody waits for the answer any more, at the latest about a second after the asker's time-out. The
/// request counts against <see cref="RequestOptions.MaximumConcurrent"/> until the handler has returned.
/// </param>
/// <returns>
/// The answer, of at most <see cref="RequestOptions.LargestPayloadBytes"/> bytes. They must not change afterwards.
/// </returns>
public delegate ValueTask<ReadOnlyMemory<byte>> RequestHandler(
    PeerRequest request, CancellationToken cancellationToken);
