using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Peers;

/// <summary>A peer in the path of a call.</summary>
internal static class PeerField
{
    /// <summary>The peer of the view with the id in the path; a problem if there is none.</summary>
    public static Peer Of(HttpContext context, GossipNode node)
    {
        var text = CallField.Name(context, "id");
        if (!NodeId.TryParse(text, out var id))
        {
            throw new ProblemException(Problems.Field(
                "id", "32 hexadecimal digits", $"{CallField.Short(text)} is not the id of a node."));
        }

        var peer = node.GetView().FirstOrDefault(peer => peer.Id == id);
        return peer.Id.IsNone
            ? throw new ProblemException(Problems.Unknown("peer", "No peer of the view has this id."))
            : peer;
    }
}
