using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;
using Hearsay.Protocols.Broadcast.Repair;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// The parts that have a state of their own, and what broadcast lends to them.
/// </content>
internal sealed partial class BroadcastProtocol : IBroadcastHost
{
    private readonly ReachTracker _reach;
    private readonly RepairTurns _turns;
    private UnsentMessages _unsent = null!;

    /// <inheritdoc/>
    Instant IBroadcastHost.Now => Now;

    /// <inheritdoc/>
    uint IBroadcastHost.Up => _neighbours.Up;

    /// <inheritdoc/>
    void IBroadcastHost.SendControl(int slot, byte type, ReadOnlySpan<byte> body) => SendControl(slot, type, body);

    /// <summary>
    /// Returns the number of nodes that have acknowledged a tracked message so far, this node included. A node
    /// acknowledges a large message when it has the whole payload.
    /// </summary>
    /// <param name="id">The id of a message that this node published recently.</param>
    /// <returns>
    /// The number, which is a lower bound. It is 0 if this node does not track the message, or no longer does.
    /// </returns>
    public long ReachOf(in BroadcastId id) => _reach.Find(id)?.Known ?? 0;

    /// <summary>A message was published: it has gone to the neighbours, or waits for the first.</summary>
    private void NotePublished(in BroadcastId id, Action<int, int>? sent)
    {
        if (_neighbours.Up != 0 || _options.Mode == BroadcastMode.Fanout || !_store.TryFind(id, out var place))
        {
            sent?.Invoke(_linksTried, _linksSent);
        }
        else
        {
            _unsent.Add(place, sent);
        }
    }

    /// <summary>Sends a message that has waited for a link as if it were new.</summary>
    private (int Tried, int Sent) SendFirst(long place)
    {
        ref var message = ref _store[place];
        var source = _sources.Touch(message.Source, out _);
        var large = TryFindLarge(message.Id, out var found) ? found : null;
        Forward(place, source, -1, 0, new MissingMessage { First = -1 }, isCold: true, large);
        if (large is not null)
        {
            _transfers.FeedWhatIsHere(large, large.Fed);
        }

        return (_linksTried, _linksSent);
    }
}
