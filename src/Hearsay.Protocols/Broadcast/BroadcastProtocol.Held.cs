using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast;

/// <content>What the node still holds, for those who ask late.</content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>The memory of messages that readers hold on to. Any thread.</summary>
    internal long LeasedBytes => _store?.LeasedBytes ?? 0;

    private void DeliverHeld(ReadOnlySpan<byte> topic, IBroadcastSink sink)
    {
        _store.Expire(Now);
        for (var place = _store.FirstHeld; place < _store.Next; place++)
        {
            ref readonly var stored = ref _store[place];
            if (!MessageFrame.TryRead(stored.Frame, out var frame)
                || (!topic.IsEmpty && !frame.Topic.SequenceEqual(topic)))
            {
                continue;
            }

            var large = frame.IsLarge && TryFindLarge(stored.Id, out var found) ? found : null;
            if (!frame.IsLarge || large is { Missing: 0 })
            {
                sink.Deliver(new BroadcastMessage
                {
                    Id = stored.Id,
                    Origin = frame.Source.Origin,
                    Incarnation = frame.Source.Incarnation,
                    Sequence = frame.Sequence,
                    Topic = frame.Topic,
                    Hops = stored.Hops,
                    Age = TimeSpan.FromTicks(stored.AgeAt(Now)),
                    Payload = large is null ? frame.Payload : large.Data,
                    Held = large is null ? _store.PayloadOf(place, frame) : new HeldPayload(large.Data, null),
                });
            }
        }
    }
}
