namespace Hearsay.Protocols.Sampling.Samplers;

/// <content>What a sampler without replacement has left to give, for whoever watches it.</content>
internal sealed partial class PeerSampler
{
    /// <summary>
    /// The peers of the view that were not given yet, in no order: the next fresh draw is one of them. Looking at them
    /// changes no draw. Allocates.
    /// </summary>
    internal Peer[] Queue()
    {
        while (true)
        {
            var view = _view.Read(out var version);
            var fresh = SlotMask.Newer(view.Stamps, _given, out var count);
            var queue = new Peer[count];
            for (var place = 0; place < count; place++)
            {
                queue[place] = view.Peers[fresh.At(place)];
            }

            if (view.IsStill(version))
            {
                return queue;
            }
        }
    }
}
