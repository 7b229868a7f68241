using System.Globalization;
using Hearsay.Features.Topics;
using Hearsay.Protocols;

namespace Hearsay;

/// <summary>A message that this node has published and that the other nodes acknowledge.</summary>
/// <remarks>
/// The number of nodes reached is a lower bound: exact without loss and failures, lower with them, and wrong if a node
/// lies. A node acknowledges the message when it has the whole payload, whether it has a subscriber or not.
/// Acknowledgements need about 50 ms per hop. Safe on any thread.
/// </remarks>
public sealed class TrackedMessage : PublishedMessage
{
    /// <summary>How often the estimate of the network's size is looked at while somebody waits for a share.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly TopicService _service;
    private TaskCompletionSource _changed = NewChange();
    private long _nodesReached;
    private volatile bool _isForgotten;
    private volatile int _linksConfirmed;

    internal TrackedMessage(TopicService service, BroadcastId id)
        : base(id) => _service = service;

    /// <summary>
    /// The number of nodes that have acknowledged the message so far, this one included. It only grows, and keeps its
    /// last value when <see cref="IsFollowed"/> is no longer true.
    /// </summary>
    public long NodesReached => Volatile.Read(ref _nodesReached);

    /// <summary>
    /// The number of neighbours that have acknowledged the message to this node so far. A neighbour that got it from
    /// another node first acknowledges it there, and does not count here. It only grows.
    /// </summary>
    public int LinksConfirmed => _linksConfirmed;

    /// <summary>
    /// <see cref="NodesReached"/> as a share of <see cref="GossipNode.NetworkSize"/> rounded to whole nodes, from 0 to
    /// 1; null while the size is not known. It is only as good as that estimate, which is up to an epoch old and still
    /// counts nodes that have left since.
    /// </summary>
    public double? ShareReached => _service.NetworkSize is { } size
        ? Math.Min(1, NodesReached / Math.Max(1, Math.Round(size))) : null;

    /// <summary>
    /// Whether acknowledgements still count here. A node follows the 64 tracked messages that it published last; when
    /// it publishes another, it stops following the oldest. When the node has stopped, it follows none.
    /// </summary>
    public bool IsFollowed => !_isForgotten && !_service.IsCompleted;

    /// <summary>Completes when a given number of nodes have acknowledged the message.</summary>
    /// <param name="nodes">The number of nodes, this one included.</param>
    /// <param name="cancellationToken">Cancels the wait. Some nodes may never acknowledge, so set a limit.</param>
    /// <exception cref="HearsayException">
    /// The message is no longer followed, and had not reached that many nodes. Not transient.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The node has stopped, and the message had not reached that many nodes.
    /// </exception>
    public Task WaitForNodesAsync(long nodes, CancellationToken cancellationToken = default) =>
        WaitAsync(() => NodesReached >= nodes, cancellationToken);

    /// <summary>Completes when <see cref="ShareReached"/> is known and has reached the given share.</summary>
    /// <param name="share">
    /// From 0 to 1. The size is an estimate, so in a large or changing network ask for 0.95 rather than 1.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait. The share may never be reached, so set a limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The node runs no aggregation and so never knows the size.
    /// </exception>
    /// <exception cref="HearsayException">
    /// The message is no longer followed, and had not reached that share. Not transient.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The node has stopped, and the message had not reached that share.
    /// </exception>
    public Task WaitForShareAsync(double share, CancellationToken cancellationToken = default)
    {
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share must be from 0 to 1.");
        }

        return _service.KnowsSize
            ? WaitAsync(() => ShareReached >= share, cancellationToken)
            : throw new InvalidOperationException(
                "This node runs no aggregation, so it does not know the size of the network.");
    }

    /// <summary>
    /// Completes when <see cref="ShareReached"/> is known and has reached the given share. Fails when the time is over,
    /// and then says how far the message came.
    /// </summary>
    /// <param name="share">From 0 to 1; see the other overload.</param>
    /// <param name="limit">
    /// How long to wait, above 0. A size that was measured before nodes left is too large for up to two epochs of
    /// aggregation, a minute by default.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">
    /// The time was over. The exception's message says how many nodes were reached, and of how many.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The share is not from 0 to 1, or the limit not above 0.
    /// </exception>
    /// <exception cref="InvalidOperationException">As for the other overload.</exception>
    /// <exception cref="HearsayException">As for the other overload.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">As for the other overload.</exception>
    public async Task WaitForShareAsync(double share, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        using var timer = new CancellationTokenSource(limit, _service.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await WaitForShareAsync(share, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(HowFar(limit));
        }
    }

    private string HowFar(TimeSpan limit)
    {
        var (reached, size) = (NodesReached, _service.NetworkSize);
        return string.Create(CultureInfo.InvariantCulture, $"Within {limit.TotalSeconds:0.###} s {reached} ")
            + (size is { } nodes
                ? string.Create(CultureInfo.InvariantCulture,
                    $"of about {Math.Max(1, Math.Round(nodes)):0} nodes acknowledged the message ({ShareReached:P0}).")
                : "nodes acknowledged the message. The size of the network is not known yet.");
    }

    /// <summary>Called by the event loop; 0 nodes when it is not followed any more.</summary>
    internal void OnReached(long nodes, int links)
    {
        _linksConfirmed = links;
        if (nodes == 0)
        {
            _isForgotten = true;
        }
        else
        {
            Volatile.Write(ref _nodesReached, nodes);
        }

        Interlocked.Exchange(ref _changed, NewChange()).SetResult();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Func<bool> isReached, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var isFollowed = IsFollowed;
            if (isReached())
            {
                return;
            }

            if (!isFollowed)
            {
                throw _service.IsCompleted ? _service.Ended
                    : new HearsayException("Newer tracked messages have taken the place of this one.");
            }

            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAny(changed, Task.Delay(Look, _service.Time, cancellationToken)).ConfigureAwait(false);
        }
    }
}
