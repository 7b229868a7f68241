using Hearsay.Features.Requests;
using Hearsay.Settings;

namespace Hearsay;

/// <content>Requests: ask the peer that a sampler returned.</content>
public sealed partial class GossipNode
{
    private RequestService Asking => Running.Feature<RequestsFeature>()?.Service
        ?? throw new InvalidOperationException("This node runs no requests.");

    /// <summary>
    /// Asks a peer, and returns its answer. The request travels in a datagram if it fits one, otherwise over a stream,
    /// and is repeated when something is lost. The handler of the peer runs at most once for it.
    /// </summary>
    /// <remarks>
    /// Safe on any thread. The time-outs of repetitions follow the measured round trips. A peer that does not react at
    /// all is given up after four copies: within a second on a fast network, within 7 s where no round trip is known
    /// yet. A peer that reacts has <see cref="RequestOptions.Timeout"/> to answer. When the method fails,
    /// <see cref="RequestException.MayHaveRun"/> says whether the handler may have run. There is one exception to "at
    /// most once": a datagram that the network holds back for more than 10 s.
    /// </remarks>
    /// <param name="peer">The peer, as a sampler or a message named it.</param>
    /// <param name="name">The name of the handler, 1 to 64 bytes in UTF-8.</param>
    /// <param name="payload">
    /// At most <see cref="RequestOptions.LargestPayloadBytes"/> bytes. They must not change until the task has
    /// completed.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the wait. The node tells the peer, which cancels the handler if it still runs.
    /// </param>
    /// <exception cref="RequestException">
    /// There is no answer; <see cref="RequestException.Failure"/> says why, and
    /// <see cref="HearsayException.IsTransient"/> whether trying again makes sense.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The name or the payload is too long, or the peer is this node or none.
    /// </exception>
    /// <exception cref="InvalidOperationException"><see cref="GossipNodeOptions.Requests"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task<PeerResponse> RequestAsync(
        Peer peer, string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) =>
        Asking.AskAsync(peer, name, payload, cancellationToken);

    /// <summary>Asks a peer with a text, which is encoded as UTF-8. See the other overload.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="name">The name of the handler.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The text is not valid Unicode: it has a lone surrogate.</exception>
    public Task<PeerResponse> RequestAsync(
        Peer peer, string name, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RequestAsync(peer, name, StrictUtf8.GetBytes(text, nameof(text)), cancellationToken);
    }

    /// <summary>
    /// Answers the requests of a name, until the registration is disposed. The handler runs on the thread pool, for
    /// many requests at the same time.
    /// </summary>
    /// <remarks>
    /// Peers without a handler of that name answer <see cref="RequestFailure.NoHandler"/>. If the handler throws, the
    /// asker gets <see cref="RequestFailure.HandlerFailed"/> without a detail, and the first such error of a handler
    /// is logged here. A handler that cannot take a request now throws a
    /// <see cref="RequestRefusedException"/>, before it does anything. The asker then gets
    /// <see cref="RequestFailure.Busy"/>. A handler may make this node leave or dispose it, and wait for that; its own
    /// answer is not sent then.
    /// </remarks>
    /// <param name="name">The name, 1 to 64 bytes in UTF-8. At most 256 names have a handler.</param>
    /// <param name="handler">The handler.</param>
    /// <returns>The registration. Dispose it to stop answering. Handlers that are running continue.</returns>
    /// <exception cref="ArgumentException">The name is empty, too long or not valid Unicode.</exception>
    /// <exception cref="InvalidOperationException">
    /// The name has a handler already, 256 names have one, or <see cref="GossipNodeOptions.Requests"/> is null.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public IDisposable HandleRequests(string name, RequestHandler handler) => Asking.Handle(name, handler);
}
