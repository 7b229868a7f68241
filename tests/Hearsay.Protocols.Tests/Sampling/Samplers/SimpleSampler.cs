using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

/// <summary>
/// The negative control: a sampler without replacement made another way, from the changes of the view, with a fault or
/// none.
/// </summary>
internal sealed class SimpleSampler : IPeerSampler, IViewObserver
{
    private readonly HashSet<NodeId> _given = [];
    private readonly ViewPublisher _view;
    private readonly SamplerFault _fault;
    private SeededRandom _random = new(1);

    public SimpleSampler(ViewPublisher view, SamplerFault fault)
    {
        (_view, _fault) = (view, fault);
        view.Observer = this;
    }

    public SamplingPolicy Policy => SamplingPolicy.UniformWithoutReplacement;

    public SamplerQuality Quality => new(0, 0, 0, 0, 0);

    public void OnChange(in ViewChange change)
    {
        if (_fault == SamplerFault.ForgetsMarks)
        {
            _given.Clear();
        }

        var isNew = change.Kind == ViewChangeKind.Removed && _fault != SamplerFault.RemembersWhoLeft;
        if (isNew || (change.Kind == ViewChangeKind.Updated && _fault == SamplerFault.TakesUpdatesForNew))
        {
            _given.Remove(change.Peer.Id);
        }
    }

    public bool TryGetPeer(out Peer peer) => TryGetPeer(out peer, out _);

    public bool TryGetPeer(out Peer peer, out SampleOrigin origin)
    {
        var peers = _view.Copy();
        var fresh = Array.FindAll(peers, entry => !_given.Contains(entry.Id));
        (peer, origin) = fresh.Length > 0 ? (fresh[_random.Below(fresh.Length)], SampleOrigin.Fresh)
            : peers.Length > 0 ? (peers[_random.Below(peers.Length)], SampleOrigin.Fallback)
            : (default, SampleOrigin.None);
        if (origin == SampleOrigin.Fresh)
        {
            _given.Add(peer.Id);
        }

        if (origin == SampleOrigin.Fallback && _fault == SamplerFault.HidesFallbacks)
        {
            origin = SampleOrigin.Fresh;
        }

        return origin != SampleOrigin.None;
    }

    public int GetPeers(Span<Peer> destination) => throw new NotSupportedException();

    public IReadOnlyList<Peer> GetPeers(int count) => throw new NotSupportedException();

    public void Dispose() => _view.Observer = null;
}
