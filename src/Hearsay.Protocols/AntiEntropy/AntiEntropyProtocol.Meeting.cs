using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>
/// Peers that may have what nobody here has, since a partition may have healed: those that are back in the view, new
/// neighbours, and now and then one that stays away. They get heartbeats beside those to random peers.
/// </content>
internal sealed partial class AntiEntropyProtocol : INeighbourObserver
{
    /// <summary>A peer that was out of the view for so many cycles may have been out of reach.</summary>
    private const int LongAbsenceCycles = 10;

    /// <summary>So often a peer that stays away gets a heartbeat, in cycles.</summary>
    private const int LookCycles = 2;

    /// <summary>So long, in cycles: then it is left to peer sampling.</summary>
    private const int MostLookCycles = 600;

    /// <summary>How many of them wait for a heartbeat.</summary>
    private const int MostMet = 8;

    private readonly ReturnedPeers _returned;
    private readonly Queue<Peer> _met = new();

    /// <summary>Not before then another peer that is back is told at once.</summary>
    private Instant _nextBack;

    private Instant _nextLook;
    private INeighbours? _neighbours;

    /// <summary>
    /// Compares with every new neighbour: over its link come events that replace what only its side may have seen. Call
    /// it before the node starts.
    /// </summary>
    /// <param name="neighbours">Those that broadcast stands on.</param>
    public void Follow(INeighbours neighbours)
    {
        _neighbours = neighbours;
        neighbours.Watch(this);
    }

    /// <inheritdoc/>
    public void OnViewChange(IProtocolContext context, in ViewChange change)
    {
        if (change.Kind == ViewChangeKind.Removed)
        {
            _returned.Leave(change.Peer, context.Now);
        }
        else if (change.Kind == ViewChangeKind.Added && _maps.Count > 0 && context.Now >= _nextBack
            && _returned.Come(change.Peer.Id, context.Now))
        {
            _nextBack = context.Now + _options.CycleTime;
            Meet(change.Peer);
        }
    }

    /// <inheritdoc/>
    public void OnNeighbourUp(int slot)
    {
        if (_context is not null && _maps.Count > 0)
        {
            Meet(_neighbours![slot]);
        }
    }

    /// <inheritdoc/>
    public void OnNeighbourDown(int slot, in Peer was)
    {
    }

    private void LookForOneThatIsAway()
    {
        if (_context.Now >= _nextLook && _met.Count < MostMet)
        {
            _nextLook = _context.Now + (LookCycles * _options.CycleTime);
            if (_returned.TryDraw(ref _context.Random, _context.Now, out var away))
            {
                _met.Enqueue(away);
            }
        }
    }

    private void Meet(Peer peer)
    {
        if (_met.Count < MostMet)
        {
            _met.Enqueue(peer);
            BeatSoon();
            Arm();
        }
    }
}
