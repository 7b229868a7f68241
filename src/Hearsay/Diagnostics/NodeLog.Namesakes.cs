using Hearsay.Protocols;
using Microsoft.Extensions.Logging;

namespace Hearsay.Diagnostics;

/// <content>What a node tells of others that have its id.</content>
internal sealed partial class NodeLog
{
    private void WriteOfNamesake(in NodeNotice notice)
    {
        switch (notice.Kind)
        {
            case NodeNoticeKind.IdContested when notice.Identity is not null:
                LogKeysContested(notice.Id, notice.Address); break;
            case NodeNoticeKind.IdContested:
                LogIdContested(notice.Id, notice.Address, notice.Number); break;
            case NodeNoticeKind.IdRenewed:
                LogIdRenewed(notice.Id, notice.Address, notice.NewId); break;
            case NodeNoticeKind.IdTaken when notice.Identity is not null:
                LogKeysTaken(notice.Id, notice.Address, IdConflictException.KeysAdvice); break;
            default:
                LogIdTaken(notice.Id, notice.Address); break;
        }
    }

    [LoggerMessage(14, LogLevel.Warning,
        "Another node, said to be at {Address}, uses this node's id {Id} (incarnation now {Incarnation}). "
        + "Was a data directory copied? This node keeps the id, and the one that started later must take another.")]
    private partial void LogIdContested(NodeId id, NodeAddress address, ulong incarnation);

    [LoggerMessage(32, LogLevel.Warning,
        "The id {Old} belongs to the node at {Address}, which has run for longer. This node continues under the new "
        + "id {New}. Was the data directory copied?")]
    private partial void LogIdRenewed(NodeId old, NodeAddress address, NodeId @new);

    [LoggerMessage(33, LogLevel.Error,
        "The node at {Address} has run for longer under this node's id {Id}, so this node stops, as OnIdConflict says. "
        + "Was the data directory copied? Delete its node.json to give this node an id of its own.")]
    private partial void LogIdTaken(NodeId id, NodeAddress address);

    [LoggerMessage(43, LogLevel.Warning,
        "The node at {Address} has proven that it has the keys of this node (id {Id}), so the file with them was "
        + "copied or stolen. The one of the two that started later stops. If nobody has copied it, revoke the "
        + "identity.")]
    private partial void LogKeysContested(NodeId id, NodeAddress address);

    [LoggerMessage(44, LogLevel.Error,
        "The node at {Address} has the keys of this node (id {Id}) and has run for longer, so this node stops. "
        + "{Advice}")]
    private partial void LogKeysTaken(NodeId id, NodeAddress address, string advice);
}
