using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// Messages that were published while there was no neighbour. They go out like new ones when the first link comes up.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>The most that wait; what is published beyond that is brought by the repair.</summary>
    internal const int MaximumUnsent = 1024;

    /// <summary>So many go out at once, which the buffer of a socket takes.</summary>
    private const int UnsentAtOnce = 64;

    private static readonly TimeSpan UnsentPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Places in the store, and who is told that they went out.</summary>
    private readonly Queue<(long Place, Action<int, int>? Sent)> _unsent = new();

    private Instant _unsentAt = Instant.Never;

    /// <summary>A message was published: it has gone to the neighbours, or waits for the first.</summary>
    private void NotePublished(in BroadcastId id, Action<int, int>? sent)
    {
        if (_neighbours.Up != 0 || _options.Mode == BroadcastMode.Fanout || !_store.TryFind(id, out var place))
        {
            sent?.Invoke(_linksTried, _linksSent);
        }
        else if (_unsent.Count < MaximumUnsent)
        {
            _unsent.Enqueue((place, sent));
        }
        else
        {
            Counters.LeftToRepair++;
            sent?.Invoke(0, 0);
        }
    }

    /// <summary>Sends what waits, in the order in which it was published.</summary>
    private void SendUnsent()
    {
        _unsentAt = Instant.Never;
        if (_neighbours.Up == 0)
        {
            return;
        }

        for (var left = UnsentAtOnce; left > 0 && _unsent.TryDequeue(out var unsent); left--)
        {
            if (IsStillHeld(unsent.Place))
            {
                SendFirst(unsent.Place);
                unsent.Sent?.Invoke(_linksTried, _linksSent);
            }
            else
            {
                Counters.NeverSent++;
                unsent.Sent?.Invoke(0, 0);
            }
        }

        _unsentAt = _unsent.Count > 0 ? Now + UnsentPause : Instant.Never;
    }

    /// <summary>What waited until it was too old is gone.</summary>
    private void ForgetUnsent()
    {
        while (_unsent.TryPeek(out var unsent) && !IsStillHeld(unsent.Place))
        {
            _unsent.Dequeue();
            Counters.NeverSent++;
        }
    }

    private bool IsStillHeld(long place) => place >= _store.FirstHeld && IsHeld(place);

    private void SendFirst(long place)
    {
        ref var message = ref _store[place];
        var source = _sources.Touch(message.Source, out _);
        var large = TryFindLarge(message.Id, out var found) ? found : null;
        Forward(place, source, -1, 0, new MissingMessage { First = -1 }, isCold: true, large);
        if (large is not null)
        {
            _transfers.FeedWhatIsHere(large, large.Fed);
        }
    }
}
