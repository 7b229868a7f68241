namespace Hearsay.Protocols.Node.Peers;

/// <summary>
/// Where a node sends what is for a peer: of a peer with an address of each family to the one it was heard over last,
/// and after a time-out to the other. Of a peer never heard, the family over which most lately another was heard for
/// the first time. For all protocols of the node.
/// </summary>
/// <remarks>
/// A host often speaks both families and reaches its peers over one only: private IPv4 behind two routers, IPv6 without
/// a route. Nobody but the two of them can find out which, so each node keeps a record of its own. It costs nothing
/// before the first peer with two addresses that this node can use.
/// <para>A family that was silent while the peer was heard over the other is dead. Only peer sampling still tries it,
/// when the other does not answer: a lost datagram must not turn everybody's messages to where nobody hears them
/// (measured: with a tenth of the datagrams lost, 792 links of stable neighbours failed instead of 5).</para>
/// </remarks>
/// <param name="driver">Knows which families this host speaks.</param>
/// <param name="self">Knows the node's own addresses.</param>
/// <param name="peers">Knows the peers' addresses.</param>
/// <param name="counters">Counts what is tried again and what is forgotten.</param>
/// <param name="capacity">How many peers are on record.</param>
/// <param name="hashKey">Any secret number.</param>
internal sealed class PeerRoutes(
    INodeDriver driver, SelfDescription self, PeerTable peers, NodeCounters counters, int capacity, ulong hashKey)
{
    private readonly PeerRouteTable _table = new(capacity, hashKey);

    /// <summary>The family of a peer never heard.</summary>
    private AddressFamilies _usual = AddressFamilies.IPv4;

    /// <summary>Whether a peer was met between whose addresses there is a choice.</summary>
    private bool _isInUse;

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => _table.StateBytes;

    /// <summary>Of a peer's addresses the one to use, or none if this node can use none of them.</summary>
    public NodeAddress To(NodeId id, in NodeAddresses addresses)
    {
        var usable = Usable(addresses);
        if (!usable.IsDual)
        {
            return usable.Primary;
        }

        var place = _table.Find(id);
        return AddressIn(addresses, place >= 0 && _table[place].Addresses == addresses
            ? PreferredOf(_table[place])
            : _usual);
    }

    /// <summary>
    /// Those addresses to which this node can send: not of a family that its host does not speak, and not its own.
    /// Whoever lived at its own address lives there no more, or has the same private address behind another router.
    /// </summary>
    public NodeAddresses Usable(in NodeAddresses addresses)
    {
        if (!addresses.IsDual)
        {
            return CanUse(addresses.Primary) ? addresses : NodeAddresses.None;
        }

        var (first, second) = (CanUse(addresses.IPv4), CanUse(addresses.IPv6));
        _isInUse |= first && second;
        return first && second ? addresses
            : first ? new NodeAddresses(addresses.IPv4)
            : second ? new NodeAddresses(addresses.IPv6) : NodeAddresses.None;
    }

    /// <summary>A protocol sends something to the address that <see cref="To"/> gave for a peer.</summary>
    public void Asked(NodeId id, in NodeAddresses addresses, in NodeAddress at)
    {
        if (addresses.IsDual && Usable(addresses).IsDual)
        {
            _table[Record(id, addresses)].Asked = FamilyOf(at);
        }
    }

    /// <summary>A datagram came from a peer. It counts if its source is one of the peer's addresses.</summary>
    public void Heard(NodeId id, in Link link)
    {
        if (!_isInUse || link.Kind != LinkKind.Datagram)
        {
            return;
        }

        var addresses = peers.TryFind(id, out var handle) ? peers[handle].Addresses
            : _table.Find(id) is >= 0 and var place ? _table[place].Addresses : default;
        Answered(id, addresses, link.Address);
    }

    /// <summary>A peer answered what was sent to this address.</summary>
    public void Answered(NodeId id, in NodeAddresses addresses, in NodeAddress at)
    {
        if (!Usable(addresses).IsDual || !addresses.Contains(at))
        {
            return;
        }

        ref var route = ref _table[Record(id, addresses)];
        var family = FamilyOf(at);
        _usual = route.Heard == AddressFamilies.None ? family : _usual;
        route.Dead = (route.Dead | route.Vain) & ~family;
        (route.Heard, route.Silent, route.Vain) = (family, AddressFamilies.None, AddressFamilies.None);
        route.Asked &= ~family;
    }

    /// <summary>
    /// What was sent to this address of a peer was not answered in time. For peer sampling, which tries the other.
    /// </summary>
    /// <returns>
    /// The other address, if it was not asked in vain since the peer was last heard. None if there is no other, or
    /// neither answered; who meets the peer again begins anew.
    /// </returns>
    public NodeAddress Unanswered(NodeId id, in NodeAddresses addresses, in NodeAddress at)
    {
        if (!Usable(addresses).IsDual || !addresses.Contains(at))
        {
            return NodeAddress.None;
        }

        ref var route = ref _table[Record(id, addresses)];
        route.Silent |= FamilyOf(at);
        route.Vain |= FamilyOf(at);
        if (route.Silent == AddressFamilies.Both)
        {
            route.Silent = AddressFamilies.None;
            return NodeAddress.None;
        }

        counters.Reroutes++;
        return AddressIn(addresses, FamilyOf(at) ^ AddressFamilies.Both);
    }

    /// <summary>
    /// What a protocol sent to a peer last was not answered in time. Changes nothing if the peer was heard over that
    /// address since, or the other family is dead.
    /// </summary>
    public void Unanswered(NodeId id, in NodeAddresses addresses)
    {
        if (_table.Find(id) is >= 0 and var place && _table[place].Asked is not AddressFamilies.None and var asked)
        {
            _table[place].Asked = AddressFamilies.None;
            if ((_table[place].Dead & (asked ^ AddressFamilies.Both)) == 0)
            {
                Unanswered(id, addresses, AddressIn(addresses, asked));
            }
        }
    }

    private static AddressFamilies FamilyOf(in NodeAddress address) =>
        address.IsIPv4 ? AddressFamilies.IPv4 : AddressFamilies.IPv6;

    private static NodeAddress AddressIn(in NodeAddresses addresses, AddressFamilies family) =>
        family == AddressFamilies.IPv4 ? addresses.IPv4 : addresses.IPv6;

    private bool CanUse(in NodeAddress address) =>
        !address.IsNone && driver.CanReach(address) && !self.Addresses.Contains(address);

    private AddressFamilies PreferredOf(in PeerRoute route)
    {
        var preferred = route.Heard == AddressFamilies.None ? _usual : route.Heard;
        var other = preferred ^ AddressFamilies.Both;
        return (route.Silent & preferred) != 0 && (route.Dead & other) == 0 ? other : preferred;
    }

    private int Record(NodeId id, in NodeAddresses addresses)
    {
        var place = _table.FindOrAdd(id, addresses);
        counters.RoutesForgotten = _table.Forgotten;
        return place;
    }
}
