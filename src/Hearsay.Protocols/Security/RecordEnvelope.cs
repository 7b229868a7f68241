using System.Buffers.Binary;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security;

/// <summary>
/// The envelope of mode key: every packet is a record (<see cref="RecordFormat"/>), and every sender is met before
/// anything it says counts.
/// <code>
///   asker, new boot                               asked
///     |-- record ---------------------------------&gt;|  unknown boot: nothing changes
///     |&lt;---------- challenge: echo, cookie ---------|  not longer than the record
///     |  knows that the challenge is fresh          |
///     |-- the same again, with the cookie ---------&gt;|  its window opens
///     |&lt;---------- record with an echo -------------|  knows that its boot is known
/// </code>
/// </summary>
/// <remarks>
/// Every record echoes the latest that was opened of its receiver's. An echo of something that was sent in the last
/// four seconds proves that a record is fresh, so it opens a window without a challenge: only strangers are asked, and
/// nodes that talk to each other go from boot to boot unasked. The verbs are a file each: Seal, Open, Contact.
/// </remarks>
internal sealed partial class RecordEnvelope : NodeEnvelope
{
    private readonly NodeSecurity _security;
    private readonly RecordCipher _cipher;
    private readonly ulong _label;
    private readonly OwnBoots _boots;
    private readonly Cookies _cookies;
    private readonly Correspondents _others;
    private readonly SentRecords _sent = new();
    private readonly ChallengePace _pace;

    /// <summary>What was opened last. Longer for streams, when one came.</summary>
    private byte[] _opened = new byte[LongestDatagramBytes];

    /// <summary>The length of what was opened last.</summary>
    private int _openedBytes;

    /// <summary>What this layer sends of its own accord, and packets that must be longer than they are.</summary>
    private byte[] _own = new byte[LongestDatagramBytes];

    /// <summary>The key of the boot under which this node sealed last: most packets need the same.</summary>
    private BootKey _bootKey;

    /// <summary>What that is derived from.</summary>
    private (UInt128 Boot, RecordKey? Key) _bootKeyOf;

    /// <summary>The address that the packet opened last has proven.</summary>
    private NodeAddress _proven;

    /// <summary>The entry of the sender of the packet that is being handled, and the link it came on.</summary>
    private (int Place, NodeId Id, Link From) _current = (-1, default, default);

    /// <summary>
    /// The key of the packet that is being handled, if its sender has missed a newer one: it can open no other.
    /// </summary>
    private RecordKey? _answering;

    /// <summary>An envelope of one node.</summary>
    /// <param name="security">The keys.</param>
    /// <param name="label">The label of the cluster.</param>
    public RecordEnvelope(NodeSecurity security, ulong label)
    {
        (_security, _cipher, _label) = (security, security.Cipher, label);
        Span<byte> secrets = stackalloc byte[2 * sizeof(ulong)];
        _cipher.Fill(secrets);
        _boots = new OwnBoots(_cipher);
        if (security.Ring is not null)
        {
            security.SenderIsUpToDate = OnUpToDate;
        }

        _cookies = new Cookies(_cipher);
        _others = new Correspondents(BinaryPrimitives.ReadUInt64BigEndian(secrets));
        _pace = new ChallengePace(BinaryPrimitives.ReadUInt64BigEndian(secrets[sizeof(ulong)..]));
    }

    /// <inheritdoc/>
    public override NodeId ResidentOf(in NodeAddress address, Instant now) => _others.ResidentOf(address, now);

    /// <summary>The keys.</summary>
    internal NodeSecurity Security => _security;

    /// <inheritdoc/>
    public override int HeadBytes => RecordFormat.HeadBytes;

    /// <inheritdoc/>
    public override int LeastDatagramBytes => RecordFormat.LeastBytes;

    /// <inheritdoc/>
    public override NodeAddress Proven => _proven;

    /// <inheritdoc/>
    public override long StateBytes =>
        _others.StateBytes + ArrayMemory.SizeBytes(_opened) + ArrayMemory.SizeBytes(_own);

    /// <inheritdoc/>
    public override SessionCounts SessionCounts =>
        new(_others.Count, _others.Opened, _others.Displaced, _others.Refused, Forgotten: 0);

    /// <summary>The nodes whose windows are open.</summary>
    internal Correspondents Others => _others;

    /// <summary>This node's boots.</summary>
    internal OwnBoots Boots => _boots;

    /// <summary>The sender of the packet that is being handled has the same keys as this node.</summary>
    private void OnUpToDate()
    {
        if (_current.Place >= 0)
        {
            _others[_current.Place].Key = _security.Keys[0];
            _answering = null;
        }
    }

    /// <summary>The clock that records carry, in eighths of a second.</summary>
    private static ushort ClockOf(Instant now) => (ushort)(now.Ticks / (TimeSpan.TicksPerSecond / 8));
}
