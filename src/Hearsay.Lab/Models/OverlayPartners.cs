using Hearsay.Protocols;

namespace Hearsay.Lab.Models;

/// <summary>Partners are drawn from the views of an overlay that gossips along.</summary>
internal sealed class OverlayPartners(ICycleEngine engine) : IRumorPartners
{
    public int Nodes => engine.NodeCount;

    public bool IsAlive(int node) => engine.IsAlive(node);

    public int Draw(int node, ref SeededRandom random)
    {
        var view = engine.ViewOf(node);
        return view.IsEmpty ? -1 : (int)view[random.Below(view.Length)];
    }
}
