using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Tests.Sampling.View;

/// <summary>Keeps the changes it was told and the view that follows from them.</summary>
internal sealed class ViewReplay(int capacity) : IViewObserver
{
    public List<(ViewChangeKind Kind, uint Number)> Changes { get; } = [];

    public Dictionary<NodeId, Peer> View { get; } = [];

    public void OnChange(in ViewChange change)
    {
        Changes.Add((change.Kind, TestView.NumberOf(change.Peer)));
        switch (change.Kind)
        {
            case ViewChangeKind.Added:
                View.Add(change.Peer.Id, change.Peer);
                break;
            case ViewChangeKind.Removed:
                Assert.True(View.Remove(change.Peer.Id));
                break;
            default:
                Assert.NotEqual(View[change.Peer.Id].Incarnation, change.Peer.Incarnation);
                View[change.Peer.Id] = change.Peer;
                break;
        }

        Assert.InRange(View.Count, 0, capacity);
    }
}
