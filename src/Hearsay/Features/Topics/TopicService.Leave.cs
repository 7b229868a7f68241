using Hearsay.Features.Contract;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Features.Topics;

/// <content>What was published here is handed over when the node leaves.</content>
internal sealed partial class TopicService
{
    /// <summary>
    /// Tells the protocol that the node leaves, and waits until a neighbour has what was published here.
    /// </summary>
    /// <param name="limit">How long at most.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public async Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        _leaving = true;
        if (limit == TimeSpan.Zero)
        {
            return new LeaveResult { IsKnown = _protocol.Counters.Published == 0 };
        }

        var done = new TaskCompletionSource<IReadOnlyList<BroadcastId>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new HandOverCommand(limit, names => done.TrySetResult(names));
        try
        {
            // By the clock of the machine: a node whose handler hangs, or whose own clock stands, stops all the same.
            await PostAsync(command).WaitAsync(HandOverMargin, cancellationToken).ConfigureAwait(false);
            var names = await done.Task.WaitAsync(limit + HandOverMargin, cancellationToken).ConfigureAwait(false);
            return new LeaveResult { IsKnown = true, NotHandedOver = names };
        }
        catch (Exception error) when (error
            is TimeoutException or OperationCanceledException or HearsayException or ObjectDisposedException)
        {
            return new LeaveResult();
        }
    }

    /// <summary>Posts a command that must not be refused: nobody posts more, so there will be a place.</summary>
    private async Task PostAsync(object command)
    {
        for (var tries = HandOverMargin / PostPause; ; tries--)
        {
            try
            {
                await _loop.PostAsync((core, now) => core.Post(now, _protocol.Id, command)).ConfigureAwait(false);
                return;
            }
            catch (HearsayException) when (tries > 0)
            {
                await Task.Delay(PostPause).ConfigureAwait(false);
            }
        }
    }
}
