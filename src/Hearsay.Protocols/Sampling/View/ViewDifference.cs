using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Sampling.View;

/// <summary>What happened between two views of one publisher.</summary>
internal static class ViewDifference
{
    /// <summary>
    /// Tells of removals first, so that whoever replays the changes never has more entries than the view size.
    /// </summary>
    internal static void Tell(IViewObserver observer, ViewSnapshot before, ViewSnapshot next)
    {
        for (var slot = 0; slot < before.Peers.Length; slot++)
        {
            if (before.Stamps[slot] != 0 && before.Stamps[slot] != next.Stamps[slot])
            {
                observer.OnChange(new ViewChange(ViewChangeKind.Removed, before.Peers[slot]));
            }
        }

        for (var slot = 0; slot < next.Peers.Length; slot++)
        {
            if (next.Stamps[slot] == 0)
            {
                continue;
            }

            if (next.Stamps[slot] != before.Stamps[slot])
            {
                observer.OnChange(new ViewChange(ViewChangeKind.Added, next.Peers[slot]));
            }
            else if (!SaysTheSame(before.Peers[slot], next.Peers[slot]))
            {
                observer.OnChange(new ViewChange(ViewChangeKind.Updated, next.Peers[slot]));
            }
        }
    }

    /// <summary>Equal but for the age.</summary>
    private static bool SaysTheSame(in Peer left, in Peer right) =>
        left.Incarnation == right.Incarnation
        && left.Addresses == right.Addresses
        && left.Address == right.Address
        && left.HasMetadata == right.HasMetadata
        && left.Metadata.Span.SequenceEqual(right.Metadata.Span);
}
