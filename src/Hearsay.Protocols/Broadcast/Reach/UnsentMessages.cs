using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast.Reach;

/// <summary>
/// Messages that were published while there was no neighbour. They go out like new ones when the first link comes up.
/// </summary>
/// <param name="counters">What it counts.</param>
/// <param name="host">The node and its links.</param>
/// <param name="store">The messages.</param>
/// <param name="send">
/// Sends the message at a place to the neighbours, and returns how many links were tried and over how many it went.
/// </param>
internal sealed class UnsentMessages(
    BroadcastCounters counters, IBroadcastHost host, MessageStore store, Func<long, (int Tried, int Sent)> send)
{
    /// <summary>The most that wait; what is published beyond that is brought by the repair.</summary>
    public const int Maximum = 1024;

    /// <summary>So many go out at once, which the buffer of a socket takes.</summary>
    private const int AtOnce = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Places in the store, and who is told that they went out.</summary>
    private readonly Queue<(long Place, Action<int, int>? Sent)> _waiting = new();

    /// <summary>When to call <see cref="Send"/> next.</summary>
    public Instant NextDue { get; private set; } = Instant.Never;

    /// <summary>A message was published without a neighbour.</summary>
    /// <param name="place">Its place in the store.</param>
    /// <param name="sent">Is told that it went out.</param>
    public void Add(long place, Action<int, int>? sent)
    {
        if (_waiting.Count < Maximum)
        {
            _waiting.Enqueue((place, sent));
        }
        else
        {
            counters.LeftToRepair++;
            sent?.Invoke(0, 0);
        }
    }

    /// <summary>Sends what waits, in the order in which it was published.</summary>
    public void Send()
    {
        NextDue = Instant.Never;
        if (host.Up == 0)
        {
            return;
        }

        for (var left = AtOnce; left > 0 && _waiting.TryDequeue(out var unsent); left--)
        {
            if (store.IsHeld(unsent.Place, host.Now))
            {
                var (tried, sent) = send(unsent.Place);
                unsent.Sent?.Invoke(tried, sent);
            }
            else
            {
                counters.NeverSent++;
                unsent.Sent?.Invoke(0, 0);
            }
        }

        NextDue = _waiting.Count > 0 ? host.Now + Pause : Instant.Never;
    }

    /// <summary>What waited until it was too old is gone.</summary>
    public void ForgetOld()
    {
        while (_waiting.TryPeek(out var unsent) && !store.IsHeld(unsent.Place, host.Now))
        {
            _waiting.Dequeue();
            counters.NeverSent++;
        }
    }
}
