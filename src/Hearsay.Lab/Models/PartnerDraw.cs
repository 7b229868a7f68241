using Hearsay.Protocols;

namespace Hearsay.Lab.Models;

/// <summary>Partners for what runs on top of an overlay, drawn with replacement.</summary>
internal static class PartnerDraw
{
    /// <summary>One of a node's view; without an overlay, any other node. -1 if there is none.</summary>
    public static int Next(ICycleEngine? engine, int nodes, int node, ref SeededRandom random)
    {
        if (engine is null)
        {
            return (node + 1 + random.Below(nodes - 1)) % nodes;
        }

        var view = engine.ViewOf(node);
        return view.IsEmpty ? -1 : (int)view[random.Below(view.Length)];
    }
}
