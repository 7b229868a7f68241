using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Reach;

/// <summary>
/// The application's messages that wait until the links take them, first come, first served. While no link takes
/// anything they go on at the pace at which the memory holds each for the retention, so that the repair can bring them.
/// </summary>
internal sealed class PublishQueue(BroadcastOptions options)
{
    /// <summary>The most that wait; further ones are refused.</summary>
    public const int Capacity = 1024;

    private readonly LinkedList<PublishCommand> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>When the next may go on though no link takes it.</summary>
    public Instant FreeAt { get; private set; } = Instant.Zero;

    /// <summary>Whether nothing waits before what comes now.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>The first message; there is one.</summary>
    public PublishCommand Next => _waiting.First!.Value;

    /// <summary>Puts a message at the end.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryAdd(PublishCommand command)
    {
        if (_waiting.Count >= Capacity)
        {
            return false;
        }

        _waiting.AddLast(command);
        return true;
    }

    /// <summary>Takes the first message out.</summary>
    public PublishCommand Take()
    {
        var first = _waiting.First!.Value;
        _waiting.RemoveFirst();
        return first;
    }

    /// <summary>Takes a message out before its turn.</summary>
    /// <returns>False if it does not wait.</returns>
    public bool Withdraw(PublishCommand command)
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (ReferenceEquals(node.Value, command))
            {
                _waiting.Remove(node);
                return true;
            }
        }

        return false;
    }

    /// <summary>A message went on though no link takes it.</summary>
    public void OnUnsent(int bytes, Instant now)
    {
        var share = Math.Max(1.0 / options.NameCapacity, bytes / (double)options.StoreBytes);
        FreeAt = Instant.Max(FreeAt, now) + (share * options.Retention);
    }
}
