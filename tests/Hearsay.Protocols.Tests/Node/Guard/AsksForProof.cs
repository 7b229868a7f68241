namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>A protocol that wants every source proven before it goes on.</summary>
internal sealed class AsksForProof : IProtocol
{
    public byte Id => 200;

    public NodeAddress Asked { get; private set; }

    public NodeAddress Proven { get; private set; }

    public void Start(IProtocolContext context)
    {
    }

    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body) =>
        Asked = context.MustProve(out var source) ? source : default;

    public void OnProven(IProtocolContext context, in NodeAddress address) => Proven = address;
}
