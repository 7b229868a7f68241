using Hearsay.Protocols;

namespace Hearsay.Features.Contract;

/// <summary>What a feature offers to others that peers ask: requests that are not of the application.</summary>
internal interface IInnerRequests
{
    /// <summary>Answers the requests of a name from now on. Before the loop starts.</summary>
    /// <param name="name">Begins with a zero, so that no name of people is hit by accident.</param>
    /// <param name="answer">
    /// Gets who asks, the request, and a token that fires when nobody waits any more. Runs on the thread pool.
    /// </param>
    void Answer(
        string name, Func<Peer, ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> answer);
}
