using System.Net.Sockets;

namespace Hearsay.Transport;

/// <summary>
/// Accepts connections one after the other and returns errors as values. For an accept that fails,
/// <see cref="Socket.AcceptAsync()"/> makes an exception with a stack trace, which opens files; where no file
/// descriptor is left, the runtime ends the process over that after a while ("Out of memory.").
/// </summary>
internal sealed class ConnectionAcceptor() : SocketAsyncEventArgs(true)
{
    private TaskCompletionSource? _done;

    /// <summary>Waits for a connection; one call at a time.</summary>
    /// <param name="listener">The socket that listens.</param>
    /// <returns>The connection, or null with the reason in <see cref="SocketAsyncEventArgs.SocketError"/>.</returns>
    /// <exception cref="ObjectDisposedException">The listener was disposed before the call.</exception>
    public async Task<Socket?> NextAsync(Socket listener)
    {
        AcceptSocket = null;
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (listener.AcceptAsync(this))
        {
            await _done.Task.ConfigureAwait(false);
        }

        if (SocketError == SocketError.Success)
        {
            return AcceptSocket;
        }

        AcceptSocket?.Dispose();
        return null;
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => _done!.SetResult();
}
