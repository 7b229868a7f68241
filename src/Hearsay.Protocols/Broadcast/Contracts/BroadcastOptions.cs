using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols;

/// <summary>The knobs of a <see cref="BroadcastProtocol"/>. Immutable; checked when the protocol is made.</summary>
public sealed record BroadcastOptions
{
    /// <summary>The longest topic in bytes of UTF-8.</summary>
    public const int MaximumTopicBytes = 64;

    /// <summary>How messages spread.</summary>
    /// <value>Default <see cref="BroadcastMode.Auto"/>.</value>
    public BroadcastMode Mode { get; init; } = BroadcastMode.Auto;

    /// <summary>To how many peers <see cref="BroadcastMode.Fanout"/> sends.</summary>
    /// <value>Default 5. From 1 to 32.</value>
    public int Fanout { get; init; } = 5;

    /// <summary>
    /// The network's size to begin with, in nodes. It counts until the node has an estimate
    /// (<see cref="IProtocolContext.NetworkSize"/>), and for ever where nothing measures one. The size says for how
    /// many hops <see cref="BroadcastMode.Auto"/> and <see cref="BroadcastMode.Hybrid"/> push a message of an unknown
    /// source to everybody. A wrong number costs some latency (too small) or redundant payloads (too large), nothing
    /// else.
    /// </summary>
    /// <value>Default 1,000. From 1 to 10^12.</value>
    public double FirstSizeGuess { get; init; } = 1000;

    /// <summary>
    /// For how many hops <see cref="BroadcastMode.Hybrid"/> pushes; a fraction is the chance of one hop more.
    /// </summary>
    /// <value>Default null: until about a twelfth of the network has it.</value>
    public double? EagerHops { get; init; }

    /// <summary>From how many neighbours every message comes with its payload; two trade redundancy for latency under
    /// loss.</summary>
    /// <value>Default 1. From 1 to 4.</value>
    public int Parents { get; init; } = 1;

    /// <summary>
    /// How long a message may be announced and not there before it is asked for.
    /// </summary>
    /// <value>Default null: what 95 % of messages needed lately, at least <see cref="MinimumGraftTimeout"/>.</value>
    public TimeSpan? GraftTimeout { get; init; }

    /// <summary>The least <see cref="GraftTimeout"/> that is found by measuring.</summary>
    /// <value>
    /// Default 6 ms. Shorter finds losses sooner and asks for more that was just coming: at N = 2,000, K = 5 and 10 %
    /// loss, 15 ms instead of 8 cost 13 ms at the 99th percentile and saved 0.3 % of the payloads.
    /// </value>
    public TimeSpan MinimumGraftTimeout { get; init; } = TimeSpan.FromMilliseconds(6);

    /// <summary>
    /// How often in a row another neighbour must have been faster than the parent, or the parent have failed, before
    /// the tree changes.
    /// </summary>
    /// <value>Default 3. From 1 to 100: more keeps the tree still under loss.</value>
    public int RewireAfter { get; init; } = 3;

    /// <summary>How long announcements wait for others that share their frame.</summary>
    /// <value>Default 5 ms. From 0 to 1 s.</value>
    public TimeSpan AnnounceDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Whether a node that lacks a message tells those who wait for it here that it is being fetched, so that they do
    /// not all fetch it themselves.
    /// </summary>
    /// <value>
    /// Default false: in a directed tree, where nobody is sent what it announced, it saved no payload (1.309 per node
    /// at 10 % loss with and without) and cost 30 ms at the 99th percentile.
    /// </value>
    public bool PullIntent { get; init; }

    /// <summary>How often a message is asked for before it is left to the repair.</summary>
    /// <value>Default 12. From 1 to 50.</value>
    public int MaximumPulls { get; init; } = 12;

    /// <summary>
    /// Whether neighbours compare which messages they know, and a node asks for what it lacks. Without it, what a link
    /// lost is asked for only where a neighbour announces it: some of 10^5 deliveries are lost at 10 % loss, and all
    /// that was published on the other side of a partition. It saves a small frame a node every
    /// <see cref="RepairInterval"/>.
    /// </summary>
    /// <value>Default true. A node that does not ask is still asked by those that do.</value>
    public bool Repair { get; init; } = true;

    /// <summary>
    /// How often recent messages are compared with one neighbour; what has expired is forgotten as often.
    /// </summary>
    /// <value>Default 2 s. From 100 ms to 1 h.</value>
    public TimeSpan RepairInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The age at which a message dies everywhere: its payload is held, repaired and accepted until then. Names are
    /// remembered twice as long after receipt.
    /// </summary>
    /// <value>Default 60 s. From 1 s to 1 h. A partition that heals sooner loses nothing.</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The most names remembered; the oldest are forgotten first.</summary>
    /// <value>Default 65,536 (about 10 MB when full). From 64 to 4,194,304.</value>
    public int NameCapacity { get; init; } = 65_536;

    /// <summary>The most bytes of payloads held; the oldest are dropped first.</summary>
    /// <value>Default 32 MiB. At least 64 KiB.</value>
    public long StoreBytes { get; init; } = 32 << 20;

    /// <summary>The most sources (publishers and their lives) remembered; the least recently heard go first.</summary>
    /// <value>Default 4,096. From 16 to 1,048,576.</value>
    public int SourceCapacity { get; init; } = 4096;

    /// <summary>
    /// The most new messages a second taken from one neighbour, with a burst of as many. A neighbour is told that it
    /// sends faster than that; of one that goes on all the same messages are dropped.
    /// </summary>
    /// <value>Default 200,000: more than a processor handles, so that it decides. At least 10.</value>
    public int MessagesPerSecond { get; init; } = 200_000;

    /// <summary>
    /// The longest payload that is sent to neighbours unasked; longer ones are announced and pulled in chunks, so they
    /// cross a link only to somebody who lacks them.
    /// </summary>
    /// <value>Default 4,096 bytes. From 256 to 32,768.</value>
    public int EagerPayloadBytes { get; init; } = 4096;

    /// <summary>The longest payload.</summary>
    /// <value>Default 16 MiB, which is also the most.</value>
    public int MaximumPayloadBytes { get; init; } = 16 << 20;

    /// <summary>The chunks of a large payload.</summary>
    /// <value>Default 32 KiB. From 8 KiB to 60,000 bytes.</value>
    public int ChunkBytes { get; init; } = 32 << 10;

    /// <summary>
    /// The most bytes of large messages held and of what has come of those being received; each of which anything has
    /// come counts as 4,096 at least. While a message is put together it takes its length once more.
    /// </summary>
    /// <value>Default 64 MiB. At least <see cref="MaximumPayloadBytes"/>.</value>
    public long LargeBytes { get; init; } = 64 << 20;

    /// <summary>How long a large message may make no progress before it is given up.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan LargeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Everything that makes the options unusable, each message with the option and the allowed range.
    /// </summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void Check(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(message);
            }
        }

        Check(Enum.IsDefined(Mode), $"Mode must be Auto, Tree, Hybrid, Flood or Fanout, not {Mode}.");
        Check(Fanout is >= 1 and <= 32, $"Fanout must be from 1 to 32, not {Fanout}.");
        Check(FirstSizeGuess is >= 1 and <= 1e12,
            $"FirstSizeGuess must be from 1 to 1000000000000, not {FirstSizeGuess}.");
        Check(EagerHops is null or (>= 0 and <= 100), $"EagerHops must be from 0 to 100, not {EagerHops}.");
        Check(Parents is >= 1 and <= 4, $"Parents must be from 1 to 4, not {Parents}.");
        CheckTime(GraftTimeout ?? MinimumGraftTimeout, 0.001, 60, "GraftTimeout", errors);
        CheckTime(MinimumGraftTimeout, 0.001, 60, "MinimumGraftTimeout", errors);
        CheckTime(AnnounceDelay, 0, 1, "AnnounceDelay", errors);
        CheckTime(RepairInterval, 0.1, 3600, "RepairInterval", errors);
        CheckTime(Retention, 1, 3600, "Retention", errors);
        CheckTime(LargeTimeout, 1, 3600, "LargeTimeout", errors);
        Check(RewireAfter is >= 1 and <= 100, $"RewireAfter must be from 1 to 100, not {RewireAfter}.");
        Check(MaximumPulls is >= 1 and <= 50, $"MaximumPulls must be from 1 to 50, not {MaximumPulls}.");
        Check(NameCapacity is >= 64 and <= 1 << 22, $"NameCapacity must be from 64 to 4194304, not {NameCapacity}.");
        Check(StoreBytes >= 1 << 16, $"StoreBytes must be at least 65536, not {StoreBytes}.");
        Check(SourceCapacity is >= 16 and <= 1 << 20,
            $"SourceCapacity must be from 16 to 1048576, not {SourceCapacity}.");
        Check(MessagesPerSecond >= 10, $"MessagesPerSecond must be at least 10, not {MessagesPerSecond}.");
        Check(EagerPayloadBytes is >= 256 and <= 32_768,
            $"EagerPayloadBytes must be from 256 to 32768, not {EagerPayloadBytes}.");
        Check(MaximumPayloadBytes is >= 256 and <= 16 << 20,
            $"MaximumPayloadBytes must be from 256 to 16777216, not {MaximumPayloadBytes}.");
        Check(ChunkBytes is >= 8192 and <= 60_000, $"ChunkBytes must be from 8192 to 60000, not {ChunkBytes}.");
        Check(LargeBytes >= Math.Max(MaximumPayloadBytes, LargeManifest.LeastRoomBytes),
            $"LargeBytes must be at least MaximumPayloadBytes and 4096, not {LargeBytes}.");
        return errors;
    }

    private static void CheckTime(TimeSpan time, double least, double most, string name, List<string> errors)
    {
        if (time.TotalSeconds < least || time.TotalSeconds > most)
        {
            errors.Add(FormattableString.Invariant($"{name} must be from {least} to {most} seconds, not {time}."));
        }
    }
}
