namespace Hearsay.AspNetCore.Topics;

/// <summary>The last messages that were published here, to tell how far they got.</summary>
internal sealed class PublishedTable
{
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _order = new();
    private readonly Dictionary<string, PublishedMessage> _messages = [];

    /// <summary>Keeps a message; the oldest gives way.</summary>
    public void Add(PublishedMessage message)
    {
        lock (_gate)
        {
            if (_order.Count == Capacity)
            {
                _messages.Remove(_order.Dequeue());
            }

            if (_messages.TryAdd(message.Id.ToString(), message))
            {
                _order.Enqueue(message.Id.ToString());
            }
        }
    }

    /// <summary>A message that was published here; null if it is not known (any more).</summary>
    public PublishedMessage? Find(string id)
    {
        lock (_gate)
        {
            return _messages.GetValueOrDefault(id);
        }
    }
}
