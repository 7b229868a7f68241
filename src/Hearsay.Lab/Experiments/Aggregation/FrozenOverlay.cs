namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>An overlay that has stopped gossiping: the control of experiments about samplers.</summary>
internal sealed class FrozenOverlay(ICycleEngine overlay) : ICycleEngine
{
    public int Cycle => overlay.Cycle;

    public int NodeCount => overlay.NodeCount;

    public int LiveCount => overlay.LiveCount;

    public long Exchanges => overlay.Exchanges;

    public long StateBytes => overlay.StateBytes;

    public void Run(int cycles)
    {
    }

    public int Join(int contact) => overlay.Join(contact);

    public int KillNodes(int count) => overlay.KillNodes(count);

    public int Kill(double share) => overlay.Kill(share);

    public void KillNode(int node) => overlay.KillNode(node);

    public bool IsAlive(int node) => overlay.IsAlive(node);

    public ReadOnlySpan<uint> ViewOf(int node) => overlay.ViewOf(node);

    public ReadOnlySpan<ushort> AgesOf(int node) => overlay.AgesOf(node);

    public long CountDeadLinks() => overlay.CountDeadLinks();

    public OverlayGraph Snapshot() => overlay.Snapshot();

    public void AssertInvariants() => overlay.AssertInvariants();

    public void Dispose() => overlay.Dispose();
}
