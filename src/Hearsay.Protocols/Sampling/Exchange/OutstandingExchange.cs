using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// An exchange that was begun and not answered yet, with what was sent in it. After its time-out it stays on record
/// until the place is needed, so that a late answer is still understood.
/// </summary>
internal sealed class OutstandingExchange(int maximumSent)
{
    private readonly uint[] _sent = new uint[maximumSent];

    /// <summary>Whether it waits for its answer in time.</summary>
    public bool IsWaiting;

    /// <summary>Whether its request is sent when the address has answered a look, and not before.</summary>
    public bool IsHeld;

    /// <summary>What this node wants.</summary>
    public ExchangeMode Mode;

    /// <summary>Whether its time-out passed and a late answer would still be understood.</summary>
    public bool IsExpired;

    /// <summary>Ties the answer to the request.</summary>
    public ulong Nonce;

    /// <summary>Why it was begun.</summary>
    public ExchangePurpose Purpose;

    /// <summary>Whom it was meant for; none if only the address was known.</summary>
    public NodeId Partner;

    /// <summary>Where it was sent.</summary>
    public NodeAddress Address;

    /// <summary>When it was sent.</summary>
    public Instant SentAt;

    /// <summary>When its time-out is.</summary>
    public Instant Deadline;

    /// <summary>The cycle it belongs to.</summary>
    public long Cycle;

    /// <summary>How many further partners may be tried in its place.</summary>
    public int TriesLeft;

    /// <summary>How many entries were sent.</summary>
    public int SentCount;

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_sent);

    /// <summary>Room for what was sent.</summary>
    public Span<uint> SentRoom => _sent;

    /// <summary>The entries sent. A handle whose peer was forgotten since matches nothing.</summary>
    public ReadOnlySpan<uint> Sent => _sent.AsSpan(0, SentCount);
}
