using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast;

/// <content>
/// Large messages of this node's own. Until another node has one whole it makes no way for the next: that one waits for
/// a while, and then whoever publishes it is told that there is no room.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>So long a message waits until others have those that were published before it.</summary>
    private static readonly TimeSpan RoomPatience = TimeSpan.FromSeconds(5);

    /// <summary>Since when the first message that waits has no room.</summary>
    private Instant _noRoomSince = Instant.Never;

    /// <summary>Whether a message was published here, and no other node has it although there are others.</summary>
    private bool IsOnlyHere(LargeMessage large) =>
        large.IsOwn && !large.IsElsewhere
        && (_neighbours.Up != 0 || _context!.IsJoining || _context.Peers.TryGetPeer(out _));

    private bool HasRoomFor(int payloadBytes) =>
        payloadBytes <= _options.EagerPayloadBytes || _transfers.Room.MayBegin(TransferBody.RoomFor(payloadBytes));

    /// <summary>Whether there is room for the message that is next, or it has waited for that long enough.</summary>
    private bool MayTakeUp(PublishCommand next)
    {
        if (HasRoomFor(next.Payload.Length))
        {
            _noRoomSince = Instant.Never;
            return true;
        }

        _noRoomSince = Instant.Min(_noRoomSince, Now);
        if (Now - _noRoomSince < RoomPatience)
        {
            return false;
        }

        _noRoomSince = Instant.Never;
        return true;
    }
}
