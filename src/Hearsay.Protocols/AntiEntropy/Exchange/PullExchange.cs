using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>An exchange that this node began: it takes what a peer has and this node lacks.</summary>
/// <param name="peer">Who is asked.</param>
/// <param name="nonce">The number of the exchange.</param>
/// <param name="mode">How, as this node wants it.</param>
internal sealed class PullExchange(Peer peer, ulong nonce, PullMode mode)
{
    /// <summary>Who is asked.</summary>
    public Peer Peer { get; } = peer;

    /// <summary>The number of the exchange.</summary>
    public ulong Nonce { get; } = nonce;

    /// <summary>How. The peer may have chosen the sketch in place of contexts.</summary>
    public PullMode Mode { get; set; } = mode;

    /// <summary>What it waits for.</summary>
    public PullStep Step { get; set; }

    /// <summary>The context that was told, with mode <see cref="PullMode.Context"/>.</summary>
    public CausalContext Told { get; set; } = CausalContext.Empty;

    /// <summary>Which folded epochs of it are told one by one, with mode <see cref="PullMode.Brief"/>.</summary>
    public FoldParts Parts { get; set; } = FoldParts.All;

    /// <summary>How often the peer had other folded epochs than those that were told by their digest.</summary>
    public int FoldsDiffered { get; set; }

    /// <summary>The root of this replica when the exchange began.</summary>
    public UInt128 RootBefore { get; init; }

    /// <summary>The number of the offer that it waits for or takes.</summary>
    public ulong OfferNumber { get; set; }

    /// <summary>What is being fetched.</summary>
    public Intake? Intake { get; set; }

    /// <summary>This replica when the peer's summary came.</summary>
    public ReplicaSnapshot? Snapshot { get; set; }

    /// <summary>Where the parts are staged.</summary>
    public ExchangeSession? Session { get; set; }

    /// <summary>Finds what differs.</summary>
    public SketchDecoder? Decoder { get; set; }

    /// <summary>How many rows the peer has.</summary>
    public long PeerItems { get; set; }

    /// <summary>The symbols of rows that are wanted, in order.</summary>
    public IReadOnlyList<ulong> Wanted { get; set; } = [];

    /// <summary>How many of them have come.</summary>
    public int WantedCame { get; set; }

    /// <summary>The root of this replica and the peer's rows so far, less this replica's own.</summary>
    public UInt128 Sum { get; set; }

    /// <summary>When what is waited for is asked for again.</summary>
    public Instant RetryAt { get; set; }

    /// <summary>When something of it last came, or when it began.</summary>
    public Instant LastCame { get; set; }

    /// <summary>When something was asked for last.</summary>
    public Instant AskedAt { get; set; }

    /// <summary>How long the first piece took from the question on.</summary>
    public TimeSpan FirstPieceTime { get; set; } = TimeSpan.MaxValue / 16;

    /// <summary>How often it was asked for again.</summary>
    public int Tries { get; set; }

    /// <summary>Rows that came.</summary>
    public int Rows { get; set; }

    /// <summary>Bytes that came.</summary>
    public long Bytes { get; set; }
}
