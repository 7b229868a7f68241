using Hearsay.Protocols.Liveness;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// Seeds: where the driver says that nodes of the cluster may be, asked for again for as long as the node runs. A name
/// that was incomplete when two groups of nodes started leaves two islands, and only its later answers join them.
/// </summary>
internal sealed partial class PeerSamplingProtocol
{
    /// <summary>
    /// Seeds are asked for with the re-contacts, but not more often than this: name servers serve others as well.
    /// </summary>
    private static readonly TimeSpan ShortestSeedPause = TimeSpan.FromSeconds(15);

    /// <summary>The seeds as they were last resolved; of more than fit, a random choice.</summary>
    private readonly RememberedPeers _seeds = new(MaximumContacts);

    private Instant _nextSeedRequest = new(long.MinValue);

    /// <summary>Whether the node tried to join and no contact has answered it since.</summary>
    private bool _wantsSeeds;

    /// <summary>
    /// The seeds as they are known now; they take the place of those known before. Asked at once if the node tries to
    /// join, else kept for re-contacts.
    /// </summary>
    public void SeedsResolved(ReadOnlySpan<NodeAddress> addresses)
    {
        if (!_started || _left)
        {
            return;
        }

        _seeds.Clear();
        var offset = addresses.IsEmpty ? 0 : _node.Random.Below(addresses.Length);
        var room = _wantsSeeds ? ContactsAtOnce - JoinsThatWait() : 0;
        for (var i = 0; i < addresses.Length; i++)
        {
            var address = addresses[(i + offset) % addresses.Length];
            if (!IsContactable(address))
            {
                continue;
            }

            _seeds.Add(address, ref _node.Random);
            _node.KnowsContacts = true;
            if (room > 0 && TryJoinThrough(address))
            {
                room--;
            }
        }
    }

    private void AskForSeeds()
    {
        _nextSeedRequest = _node.Now + ShortestSeedPause;
        _node.Driver.ResolveContacts();
    }

    private bool IsContactable(in NodeAddress address) =>
        address.IsUsable && !_node.Self.Addresses.Contains(address) && _node.Driver.CanReach(address);

    private int JoinsThatWait()
    {
        var count = 0;
        foreach (var exchange in _outstanding)
        {
            count += exchange is { IsWaiting: true, Purpose: ExchangePurpose.Join } ? 1 : 0;
        }

        return count;
    }

    /// <summary>
    /// Half of the looks go to seeds and contacts, however many others are remembered. Who is in the view is met
    /// anyway: a look is for the others.
    /// </summary>
    private NodeAddress ChooseRecontact()
    {
        var contacts = _seeds.Count + _contacts.Count;
        if (_remembered.Count > 0 && (contacts == 0 || _node.Random.Below(2) == 0))
        {
            var lost = _remembered[_node.Random.Below(_remembered.Count)];
            return IsInView(lost) ? NodeAddress.None : lost;
        }

        var (chosen, seen) = (NodeAddress.None, 0);
        for (var i = 0; i < contacts; i++)
        {
            var address = i < _seeds.Count ? _seeds[i] : _contacts[i - _seeds.Count];
            if (!IsInView(address) && _node.Random.Below(++seen) == 0)
            {
                chosen = address;
            }
        }

        return chosen;
    }

    private bool IsInView(in NodeAddress address)
    {
        foreach (var handle in Handles)
        {
            if (_node.Table[handle].Addresses.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsContact(in NodeAddress address) => _seeds.Contains(address) || _contacts.Contains(address);
}
