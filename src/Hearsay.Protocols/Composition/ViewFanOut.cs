using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Composition;

/// <summary>Passes changes of the view on to the node's protocols and, if it wants them, to the driver.</summary>
internal sealed class ViewFanOut(NodeCore node) : IViewObserver
{
    /// <summary>Whether the driver wants them.</summary>
    public bool ReportsToDriver { get; set; }

    /// <inheritdoc/>
    public void OnChange(in ViewChange change)
    {
        foreach (var protocol in node.Protocols)
        {
            protocol.OnViewChange(change);
        }

        if (ReportsToDriver)
        {
            node.State.Driver.OnViewChange(change);
        }
    }
}
