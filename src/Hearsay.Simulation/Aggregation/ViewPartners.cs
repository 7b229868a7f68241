using Hearsay.Protocols;

namespace Hearsay.Simulation.Aggregation;

/// <summary>A uniform entry of the node's view in an overlay. A dead one does not answer: no exchange.</summary>
internal readonly struct ViewPartners(ICycleEngine overlay) : IPartnerChoice
{
    public int Choose(int position, int node, ref SeededRandom random)
    {
        var view = overlay.ViewOf(node);
        if (view.IsEmpty)
        {
            return -1;
        }

        var chosen = (int)view[random.Below(view.Length)];
        return overlay.IsAlive(chosen) ? chosen : -1;
    }
}
