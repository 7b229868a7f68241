namespace Hearsay.Lab.Models.Learning;

/// <summary>Messages under way, in the order in which they arrive. Buffers are used again.</summary>
internal sealed class LearningPost(int messageBytes)
{
    private readonly PriorityQueue<(int To, byte[] Buffer, int Length), (double When, long Number)> _queue = new();
    private readonly Stack<byte[]> _free = new();
    private long _number;

    /// <summary>Sends a message, which is copied.</summary>
    public void Send(int to, ReadOnlySpan<byte> message, double when)
    {
        var buffer = _free.Count > 0 ? _free.Pop() : new byte[messageBytes];
        message.CopyTo(buffer);
        _queue.Enqueue((to, buffer, message.Length), (when, _number++));
    }

    /// <summary>The next message that has arrived by now. Its buffer goes back with <see cref="Return"/>.</summary>
    public bool TryTake(double now, out int to, out byte[] buffer, out int length)
    {
        if (_queue.TryPeek(out var first, out var key) && key.When <= now)
        {
            (to, buffer, length) = first;
            _queue.Dequeue();
            return true;
        }

        (to, buffer, length) = (0, [], 0);
        return false;
    }

    /// <summary>The message has been handled.</summary>
    public void Return(byte[] buffer) => _free.Push(buffer);
}
