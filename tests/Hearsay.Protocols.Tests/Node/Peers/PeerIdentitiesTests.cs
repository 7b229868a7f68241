using Hearsay.Protocols.Node.Peers;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Node.Peers;

public sealed class PeerIdentitiesTests
{
    private readonly Members _members = new();

    [Fact]
    public void A_peer_is_looked_up_once_and_again_after_a_change()
    {
        var identities = new PeerIdentities(_members);
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(identities.Of(0x0001_0003, Id(1)));
        }

        Assert.Equal(1, _members.Lookups);
        _members.Admit(Id(1), "one");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("one", identities.Of(0x0001_0003, Id(1))!.Name);
        }

        Assert.Equal(2, _members.Lookups);
    }

    [Fact]
    public void A_place_that_another_peer_has_now_is_looked_up_for_that_one()
    {
        var identities = new PeerIdentities(_members);
        _members.Admit(Id(1), "one");
        Assert.Equal("one", identities.Of(0x0001_0003, Id(1))!.Name);
        Assert.Null(identities.Of(0x0001_0003, Id(2)));
        Assert.Null(identities.Of(0x0002_0040, Id(2)));
        Assert.Equal("one", identities.Of(0x0002_0003, Id(1))!.Name);
    }

    private static NodeId Id(ulong number) => new(0, number);

    /// <summary>An envelope that knows members, and counts who asks for them.</summary>
    private sealed class Members : NodeEnvelope
    {
        private readonly Dictionary<NodeId, PeerIdentity> _members = [];
        private long _changes;

        public int Lookups { get; private set; }

        public override int HeadBytes => 32;

        public override long IdentityChanges => _changes;

        public void Admit(NodeId id, string name)
        {
            _members[id] = new PeerIdentity(name, new byte[32], DateTimeOffset.UnixEpoch);
            _changes++;
        }

        public override PeerIdentity? IdentityOf(NodeId id)
        {
            Lookups++;
            return _members.GetValueOrDefault(id);
        }

        public override ReadOnlySpan<byte> Seal(Span<byte> packet, in Link to, NodeId sender, Instant now) => packet;

        public override bool TryOpen(
            ReadOnlySpan<byte> packet,
            in Link from,
            NodeId self,
            Instant now,
            out OpenedPacket opened,
            out DropReason refused)
        {
            opened = default;
            refused = DropReason.Malformed;
            return false;
        }
    }
}
