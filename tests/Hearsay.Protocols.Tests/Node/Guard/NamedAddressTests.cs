using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// Addresses in the body of a message: the origin of a shuffle, a newcomer, an asker, a hint. A datagram packed with
/// them once drew 2.1 bytes for each that came, and 19 packets.
/// </summary>
public sealed class NamedAddressTests
{
    private static readonly NodeAddress _victim = VirtualNetwork.AddressOf(8000);

    /// <summary>Alone and packed, from the neighbour itself, which is proven, and from an address that is not.
    /// </summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(8, true)]
    [InlineData(1, false)]
    [InlineData(8, false)]
    public void A_datagram_draws_one_datagram_that_is_no_longer_to_all_that_it_names(int copies, bool isProven)
    {
        var drawn = 0;
        foreach (var type in new[]
        {
            NeighbourMessage.Ask, NeighbourMessage.Refuse, NeighbourMessage.Disconnect, NeighbourMessage.ForwardJoin,
            NeighbourMessage.Shuffle,
        })
        {
            var nodes = new WholeNodes(6);
            nodes.Run(20);
            foreach (var (target, neighbour, link) in Links(nodes))
            {
                var frames = Enumerable.Range(0, copies).Select(copy =>
                    (NeighbourMessage.Protocol, type, Body(type, target, link, (ulong)copy))).ToArray();
                var packet = WholeNodes.Packet(neighbour.Core.Self.Id, frames);
                var from = isProven ? neighbour.Address : VirtualNetwork.AddressOf(7000);
                var sent = nodes.Inject(target, from, packet);
                var named = sent.Where(static one => one.To.Address == _victim).ToArray();
                Assert.InRange(named.Length, 0, 1);
                Assert.InRange(named.Sum(static one => one.Packet.Length), 0, packet.Length);
                Assert.True(isProven || sent.Count <= 1);
                drawn += named.Length;
            }
        }

        Assert.True(drawn > 0, "Nothing was sent to the address at all.");
    }

    private static byte[] Body(byte type, VirtualNode target, ulong link, ulong nonce)
    {
        var peer = new Lone.Entry(
            Lone.Id(900 + (int)nonce), 1, 0, new NodeAddresses(_victim), MetadataPresence.Omitted);
        var body = new Lone.Body();
        _ = type switch
        {
            NeighbourMessage.Ask => body.UInt64(nonce).Id(target.Core.Self.Id).Byte((byte)NeighbourPriority.High)
                .Entries(peer).PadTo(NeighbourMessage.AskBytes),
            NeighbourMessage.Refuse => body.UInt64(nonce).Entries(peer).PadTo(NeighbourMessage.AskBytes),
            NeighbourMessage.Disconnect => body.UInt64(link).Byte(1).Entries(peer).PadTo(NeighbourMessage.AskBytes),
            NeighbourMessage.ForwardJoin => body.UInt64(link).Byte(0).Entries(peer).PadTo(NeighbourMessage.AskBytes),
            _ => body.UInt64(link).Byte(0).UInt64(nonce).Entries(peer).Byte(1).Entries(peer),
        };
        return body.Bytes.ToArray();
    }

    /// <summary>Every link of every node: whose it is, who is at its other end, and its number.</summary>
    private static IEnumerable<(VirtualNode Target, VirtualNode Neighbour, ulong Link)> Links(WholeNodes nodes)
    {
        foreach (var member in nodes.Members)
        {
            var links = member.Links;
            for (var slot = 0; slot < links.Capacity; slot++)
            {
                if ((links.Up & (1u << slot)) != 0
                    && nodes.Members.FirstOrDefault(other => other.Node.Core.Self.Id == links[slot].Id) is { } other)
                {
                    yield return (member.Node, other.Node, links.LinkNumber(slot));
                }
            }
        }
    }
}
