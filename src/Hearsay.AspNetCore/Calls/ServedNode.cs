using Hearsay.AspNetCore.Errors;
using Hearsay.Hosting;

namespace Hearsay.AspNetCore.Calls;

/// <summary>The node that the service serves.</summary>
internal sealed class ServedNode(IHearsay hearsay)
{
    private GossipNode? _node;

    /// <summary>The node, or a problem while the host has not started it.</summary>
    public GossipNode Node => _node ??= Find() ?? throw new ProblemException(Problems.Unavailable(
        "starting", "The node starts", "The host has not started the node yet."));

    /// <summary>The node, or null while the host has not started it.</summary>
    public GossipNode? Find()
    {
        var starting = hearsay.WhenStartedAsync(CancellationToken.None);
        return starting.IsCompletedSuccessfully ? starting.Result : null;
    }
}
