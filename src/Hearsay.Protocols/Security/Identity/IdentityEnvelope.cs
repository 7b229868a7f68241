using System.Buffers.Binary;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>
/// The envelope of mode identity: every packet belongs to a session with a node that has proven who it is, and that the
/// operator has admitted (<see cref="SessionFormat"/>).
/// <code>
///   asker                                         asked
///     |-- hello: nonce ---------------------------&gt;|  keeps nothing
///     |&lt;---------- welcome: nonce, key, cookie -----|  not longer than the hello
///     |-- message 1: cookie, token ---------------&gt;|  verifies the token; the session is not confirmed
///     |&lt;---------- message 2: token ---------------|  not longer than message 1
///     |-- the packet that waited -----------------&gt;|  confirms the session
///     |&lt;---------- its answer ---------------------|
/// </code>
/// Where the key is known and the address has answered lately, message 1 goes first; it needs a cookie only while many
/// come without one.
/// </summary>
/// <remarks>
/// Message 1 can be repeated by others, so nothing of the node changes before the first packet of a session comes. Both
/// of two simultaneous handshakes end in sessions: packets are taken on either, and sent on the one that was confirmed
/// last. The verbs are a file each: Seal, Open, Greet, Handshake, Own.
/// </remarks>
internal sealed partial class IdentityEnvelope : NodeEnvelope
{
    /// <summary>A member that was met at its address within this time gets a message 1 without a hello.</summary>
    private static readonly TimeSpan Warm = TimeSpan.FromMinutes(10);

    private readonly IdentitySecurity _security;
    private readonly ulong _label;
    private readonly Cookies _cookies;
    private readonly Sessions _sessions;
    private readonly PendingHandshakes _pending = new();
    private readonly WaitingPackets _waiting = new();
    private readonly KnownMembers _known;
    private readonly ChallengePace _pace;
    private readonly (NodeAddress Address, NodeId Id, Instant At)[] _residents = new (NodeAddress, NodeId, Instant)[8];
    private int _nextResident;
    private SeededRandom _random;

    /// <summary>What was opened last. Longer for streams, when one came.</summary>
    private byte[] _opened = new byte[LongestDatagramBytes];
    private int _openedBytes;
    private NodeId _openedFrom;

    /// <summary>What this layer sends of its own accord, and packets that must be longer than they are.</summary>
    private byte[] _own = new byte[LongestDatagramBytes];

    private NodeAddress _proven;

    /// <summary>An envelope of one node.</summary>
    /// <param name="security">The keys and the token of the node.</param>
    /// <param name="label">The label of the cluster.</param>
    public IdentityEnvelope(IdentitySecurity security, ulong label)
    {
        (_security, _label) = (security, label);
        Span<byte> secrets = stackalloc byte[4 * sizeof(ulong)];
        security.Cipher.Fill(secrets);
        _cookies = new Cookies(security.Cipher);
        _sessions = new Sessions(BinaryPrimitives.ReadUInt64BigEndian(secrets));
        _known = new KnownMembers(BinaryPrimitives.ReadUInt64BigEndian(secrets[8..]));
        _pace = new ChallengePace(BinaryPrimitives.ReadUInt64BigEndian(secrets[16..]));
        _random = new SeededRandom(BinaryPrimitives.ReadUInt64BigEndian(secrets[24..]));
    }

    /// <inheritdoc/>
    public override int HeadBytes => SessionFormat.HeadBytes;

    /// <inheritdoc/>
    public override int LeastDatagramBytes => SessionFormat.HelloBytes;

    /// <inheritdoc/>
    public override NodeAddress Proven => _proven;

    /// <inheritdoc/>
    public override bool ProvesSenders => true;

    /// <inheritdoc/>
    public override bool IsHolding => _isHolding;

    /// <inheritdoc/>
    public override long StateBytes =>
        _sessions.StateBytes + ArrayMemory.SizeBytes(_opened) + ArrayMemory.SizeBytes(_own);

    /// <inheritdoc/>
    public override SessionCounts SessionCounts => new(
        _sessions.Count, Handshakes, _sessions.Displaced + _pending.Displaced, _sessions.Refused, _waiting.Forgotten);

    /// <summary>The keys and the token of the node.</summary>
    internal IdentitySecurity Security => _security;

    /// <summary>The sessions.</summary>
    internal Sessions Sessions => _sessions;

    /// <summary>The handshakes that this node has begun.</summary>
    internal PendingHandshakes Pending => _pending;

    /// <summary>Handshakes that ended in a session, on either side.</summary>
    internal long Handshakes { get; private set; }

    /// <inheritdoc/>
    public override PeerIdentity? IdentityOf(NodeId id) => _known.Find(id)?.Identity;

    /// <inheritdoc/>
    public override long IdentityChanges => _known.Changes;

    /// <inheritdoc/>
    public override bool IsMet(NodeId id, Instant now) => _sessions.FindPeer(id, now) >= 0;

    /// <inheritdoc/>
    public override NodeId ResidentOf(in NodeAddress address, Instant now)
    {
        if (_sessions.FindAt(address, now) is >= 0 and var place)
        {
            return _sessions[place].Peer!.Id;
        }

        foreach (var resident in _residents)
        {
            if (resident.Address == address && !resident.Id.IsNone && now - resident.At <= TimeSpan.FromMinutes(1))
            {
                return resident.Id;
            }
        }

        return NodeId.None;
    }

    /// <inheritdoc/>
    public override bool TryGetLast(out OpenedPacket opened)
    {
        var isOpen = !_openedFrom.IsNone;
        opened = isOpen ? new OpenedPacket(_openedFrom, _opened.AsSpan(0, _openedBytes)) : default;
        return isOpen;
    }

    /// <summary>The clock that packets carry, in eighths of a second.</summary>
    private static ushort ClockOf(Instant now) => (ushort)(now.Ticks / (TimeSpan.TicksPerSecond / 8));

    /// <summary>Grows once, for the first message on a stream that is longer than a datagram.</summary>
    private Span<byte> RoomFor(int bytes)
    {
        if (_opened.Length < bytes)
        {
            _opened = new byte[LongestStreamBytes];
        }

        return _opened.AsSpan(0, bytes);
    }

    private void EnsureOwn(int bytes)
    {
        if (_own.Length < bytes)
        {
            _own = new byte[LongestStreamBytes];
        }
    }
}
