using Hearsay.Protocols;

namespace Hearsay.Benchmarks;

/// <summary>One node of an <see cref="ExchangeRig"/>.</summary>
internal sealed class RigNode : INodeDriver
{
    private readonly ExchangeRig _rig;

    public RigNode(ExchangeRig rig, int index, PeerSamplingOptions options, int metadataBytes)
    {
        _rig = rig;
        Address = NodeAddress.FromIPv4(0x0A00_0001u + (uint)index, 7000);
        var random = SeededRandom.For(1, (ulong)index, 0, 0);
        var id = new NodeId(random.NextUInt64(), random.NextUInt64());
        Core = new NodeCore(
            new NodeCoreOptions
            {
                Self = new SelfDescription(id, 1, new NodeAddresses(Address), new byte[metadataBytes]),
                Seed = random.NextUInt64(),
                Sampling = options,
            },
            this);
    }

    public NodeCore Core { get; }

    public NodeAddress Address { get; }

    public bool CanReach(in NodeAddress address) => true;

    public bool Send(in Link to, ReadOnlySpan<byte> packet)
    {
        _rig.Enqueue(this, to, packet);
        return true;
    }

    public void ResolveContacts()
    {
    }

    public void Notify(in NodeNotice notice)
    {
    }

    public void OnViewChange(in ViewChange change)
    {
    }

    public void Publish(byte protocol, object happened)
    {
    }
}
