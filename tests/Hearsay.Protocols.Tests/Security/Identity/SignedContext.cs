using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>
/// A node of mode identity, or of another mode for comparison, around one protocol and without sessions: what comes
/// from a peer is from that peer. The nodes 1 to 4 but itself are the peers that it draws, in turn.
/// </summary>
internal sealed class SignedContext : IProtocolContext, IPeerSampler
{
    private readonly SeededRandom[] _random = [new SeededRandom(5)];
    private readonly Peer[] _peers;
    private int _drawn;
    private NodeId _from;

    /// <param name="number">The node.</param>
    /// <param name="protocol">What runs on it.</param>
    /// <param name="isSigned">Whether it is of mode identity.</param>
    /// <param name="token">Its token, if it is not the usual one.</param>
    /// <param name="wall">Its wall clock.</param>
    public SignedContext(
        int number, IProtocol protocol, bool isSigned = true, byte[]? token = null, Func<Instant, long>? wall = null)
    {
        Security = new SeededIdentities().Security(number, token, wall);
        Proofs = isSigned ? new OriginProofs(Security) : null;
        Self = PeerOf(number);
        _peers = [.. Enumerable.Range(1, 4).Where(other => other != number).Select(PeerOf)];
        Protocol = protocol;
        Protocol.Start(this);
    }

    public IProtocol Protocol { get; }

    public IdentitySecurity Security { get; }

    public OriginProofs? Proofs { get; }

    OriginProofs? IProtocolContext.Proofs => Proofs;

    public Instant Now { get; set; }

    /// <summary>When the protocol wants to be woken.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    public ref SeededRandom Random => ref _random[0];

    public Peer Self { get; }

    public IPeerSampler Peers => this;

    public SamplingPolicy Policy => SamplingPolicy.UniformWithReplacement;

    public SamplerQuality Quality => throw new NotSupportedException();

    public List<(NodeId To, byte Type, byte[] Body)> Sent { get; } = [];

    public List<object> Published { get; } = [];

    public static Peer PeerOf(int number) =>
        new(SeededIdentities.Keys(number).Id, Lone.AddressesOf(number), 1, 0, null);

    public void Receive(int from, byte type, byte[] body)
    {
        _from = PeerOf(from).Id;
        Protocol.Receive(this, PeerOf(from), type, body);
    }

    public void Command(object command) => Protocol.OnCommand(this, command);

    /// <summary>Time passes, and what is due is done.</summary>
    public void Advance(TimeSpan span)
    {
        var end = Now + span;
        while (Due <= end)
        {
            (Now, Due) = (Instant.Max(Now, Due), Instant.Never);
            Protocol.OnDue(this, 0);
        }

        Now = end;
    }

    public bool Send(in Peer to, byte type, ReadOnlySpan<byte> body)
    {
        Sent.Add((to.Id, type, body.ToArray()));
        return true;
    }

    public bool Reply(byte type, ReadOnlySpan<byte> body)
    {
        Sent.Add((_from, type, body.ToArray()));
        return true;
    }

    public void Schedule(TimeSpan delay, long token) => Due = Now + delay;

    public void Publish(object happened) => Published.Add(happened);

    public bool TryGetPeer(out Peer peer) => TryGetPeer(out peer, out _);

    public bool TryGetPeer(out Peer peer, out SampleOrigin origin)
    {
        (peer, origin) = (_peers[_drawn++ % _peers.Length], SampleOrigin.Fresh);
        return true;
    }

    public int GetPeers(Span<Peer> destination)
    {
        var count = Math.Min(destination.Length, _peers.Length);
        _peers.AsSpan(0, count).CopyTo(destination);
        return count;
    }

    public IReadOnlyList<Peer> GetPeers(int count) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
