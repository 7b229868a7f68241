namespace Hearsay.Transport;

/// <content>The end in good order: nothing is begun, what waits is written, and the other side closes.</content>
internal sealed partial class TcpConnectionTable
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _draining;

    /// <summary>
    /// Lets every connection write what waits and say that no more comes. The other side has read all when it closes.
    /// </summary>
    /// <param name="limit">How long to wait for that, by the machine's clock.</param>
    public async Task DrainAsync(TimeSpan limit)
    {
        TcpConnection[] connections;
        lock (Gate)
        {
            if (_closed || _byNumber.Count == 0)
            {
                return;
            }

            _draining = true;
            connections = [.. _byNumber.Values];
        }

        foreach (var connection in connections)
        {
            connection.Finish();
        }

        await Task.WhenAny(_drained.Task, Task.Delay(limit)).ConfigureAwait(false);
    }
}
