using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols;

/// <summary>
/// The options of broadcast. Immutable. They are validated when a node starts.
/// </summary>
public sealed record BroadcastOptions
{
    /// <summary>The maximum length of a topic, in bytes of UTF-8.</summary>
    public const int MaximumTopicBytes = 64;

    /// <summary>The way in which messages spread.</summary>
    /// <value>Default <see cref="BroadcastMode.Auto"/>.</value>
    public BroadcastMode Mode { get; init; } = BroadcastMode.Auto;

    /// <summary>The number of peers to which <see cref="BroadcastMode.Fanout"/> sends.</summary>
    /// <value>Default 5. From 1 to 32.</value>
    public int Fanout { get; init; } = 5;

    /// <summary>
    /// The size of the network, in nodes, that a node assumes until it has an estimate
    /// (<see cref="IProtocolContext.NetworkSize"/>), and always if nothing measures the size. The size determines for
    /// how many hops <see cref="BroadcastMode.Auto"/> and <see cref="BroadcastMode.Hybrid"/> push a message of an
    /// unknown source to all neighbours. If it is too small, messages have some more latency; if it is too large, there
    /// are redundant payloads. Nothing else depends on it.
    /// </summary>
    /// <value>Default 1,000. From 1 to 10^12.</value>
    public double FirstSizeGuess { get; init; } = 1000;

    /// <summary>
    /// The number of hops for which <see cref="BroadcastMode.Hybrid"/> pushes. A fraction is the probability of one
    /// more hop.
    /// </summary>
    /// <value>Default null: until about a twelfth of the network has the message.</value>
    public double? EagerHops { get; init; }

    /// <summary>
    /// The number of neighbours from which a node receives every message with its payload. Two instead of one cost
    /// redundant payloads and reduce the latency under loss.
    /// </summary>
    /// <value>Default 1. From 1 to 4.</value>
    public int Parents { get; init; } = 1;

    /// <summary>The time for which a node waits for an announced message before it requests it.</summary>
    /// <value>
    /// Default null: the time in which 95 % of recent messages came, but at least <see cref="MinimumGraftTimeout"/>.
    /// </value>
    public TimeSpan? GraftTimeout { get; init; }

    /// <summary>The minimum of the <see cref="GraftTimeout"/> that the node measures itself.</summary>
    /// <value>
    /// Default 6 ms. A shorter time detects losses sooner, but requests more messages that were about to come. At N =
    /// 2,000, K = 5 and 10 % loss, 15 ms instead of 8 cost 13 ms at the 99th percentile and saved 0.3 % of the
    /// payloads.
    /// </value>
    public TimeSpan MinimumGraftTimeout { get; init; } = TimeSpan.FromMilliseconds(6);

    /// <summary>
    /// The number of times in a row that another neighbour must be faster than the parent, or the parent must fail,
    /// before the tree changes. More keep the tree stable under loss.
    /// </summary>
    /// <value>Default 3. From 1 to 100.</value>
    public int RewireAfter { get; init; } = 3;

    /// <summary>The time for which announcements wait for others, so that they share a frame.</summary>
    /// <value>Default 5 ms. From 0 to 1 s.</value>
    public TimeSpan AnnounceDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Whether a node that has requested a missing message tells the neighbours that wait for it, so that they do not
    /// all request it themselves.
    /// </summary>
    /// <value>
    /// Default false. In a directed tree, where no node is sent what it announced, it saved no payload (1.309 per node
    /// at 10 % loss with and without) and cost 30 ms at the 99th percentile.
    /// </value>
    public bool PullIntent { get; init; }

    /// <summary>The number of requests for a message before it is left to the repair.</summary>
    /// <value>Default 12. From 1 to 50.</value>
    public int MaximumPulls { get; init; } = 12;

    /// <summary>
    /// Whether the node compares with its neighbours which messages they know, and requests those it lacks. Without it,
    /// a node requests a lost message only if a neighbour announces it. Then some of 10^5 deliveries are lost at 10 %
    /// loss, and so is everything that was published on the other side of a partition. Turning it off saves one small
    /// frame per node every <see cref="RepairInterval"/>.
    /// </summary>
    /// <value>Default true. A node with false still answers the requests of others.</value>
    public bool Repair { get; init; } = true;

    /// <summary>
    /// The time between comparisons of recent messages with a neighbour. The node drops expired messages as often.
    /// </summary>
    /// <value>Default 2 s. From 100 ms to 1 h.</value>
    public TimeSpan RepairInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The age at which a message expires everywhere. Until then nodes hold its payload, repair it and accept it. They
    /// remember its id for twice that time after they received it.
    /// </summary>
    /// <value>Default 60 s. From 1 s to 1 h. A partition that heals within that time loses nothing.</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The maximum number of message ids that a node remembers. It forgets the oldest first.</summary>
    /// <value>Default 65,536 (about 10 MB when full). From 64 to 4,194,304.</value>
    public int NameCapacity { get; init; } = 65_536;

    /// <summary>The maximum number of payload bytes that a node holds. It drops the oldest payloads first.</summary>
    /// <value>Default 32 MiB. At least 64 KiB.</value>
    public long StoreBytes { get; init; } = 32 << 20;

    /// <summary>
    /// The maximum number of sources that a node remembers. A publisher that restarts is a new source. The source that
    /// was heard least recently is forgotten first.
    /// </summary>
    /// <value>Default 4,096. From 16 to 1,048,576.</value>
    public int SourceCapacity { get; init; } = 4096;

    /// <summary>
    /// The maximum number of new messages per second that a node accepts from one neighbour, with a burst of the same
    /// number. The node tells a neighbour that sends faster. If that neighbour continues, the excess messages are
    /// dropped.
    /// </summary>
    /// <value>
    /// Default 200,000, which is more than a processor handles, so that the processor is the limit. At least 10. In
    /// mode identity, where a signature of each is verified, no more than 10,000 are accepted.
    /// </value>
    public int MessagesPerSecond { get; init; } = 200_000;

    /// <summary>
    /// The maximum length of a payload that is pushed to neighbours, in bytes. A longer payload is announced and pulled
    /// in chunks, so it crosses a link only to a node that lacks it.
    /// </summary>
    /// <value>Default 4,096. From 256 to 32,768.</value>
    public int EagerPayloadBytes { get; init; } = 4096;

    /// <summary>The maximum length of a payload, in bytes.</summary>
    /// <value>Default 16 MiB, which is also the maximum.</value>
    public int MaximumPayloadBytes { get; init; } = 16 << 20;

    /// <summary>The length of the chunks of a large payload, in bytes.</summary>
    /// <value>Default 32 KiB. From 8 KiB to 60,000 bytes.</value>
    public int ChunkBytes { get; init; } = 32 << 10;

    /// <summary>
    /// The maximum number of bytes of large messages that a node holds, and of those parts that have arrived of
    /// messages being received. Each message of which a part has arrived counts as at least 4,096 bytes. Assembling a
    /// message takes its length once more.
    /// </summary>
    /// <value>Default 64 MiB. At least <see cref="MaximumPayloadBytes"/>.</value>
    public long LargeBytes { get; init; } = 64 << 20;

    /// <summary>The time without progress after which a node gives up a large message.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan LargeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Returns every error that makes the options unusable. Each message names the option and its range.
    /// </summary>
    /// <returns>The errors; empty if the options are valid.</returns>
    public IReadOnlyList<string> Errors()
    {
        var errors = new OptionErrors();
        errors.Require(Enum.IsDefined(Mode), $"Mode must be Auto, Tree, Hybrid, Flood or Fanout, not {Mode}.");
        errors.Range(nameof(Fanout), Fanout, 1, 32);
        errors.Range(nameof(FirstSizeGuess), FirstSizeGuess, 1, 1e12);
        errors.Require(EagerHops is null or (>= 0 and <= 100), $"EagerHops must be from 0 to 100, not {EagerHops}.");
        errors.Range(nameof(Parents), Parents, 1, 4);
        CheckTime(GraftTimeout ?? MinimumGraftTimeout, 0.001, 60, "GraftTimeout", errors);
        CheckTime(MinimumGraftTimeout, 0.001, 60, "MinimumGraftTimeout", errors);
        CheckTime(AnnounceDelay, 0, 1, "AnnounceDelay", errors);
        CheckTime(RepairInterval, 0.1, 3600, "RepairInterval", errors);
        CheckTime(Retention, 1, 3600, "Retention", errors);
        CheckTime(LargeTimeout, 1, 3600, "LargeTimeout", errors);
        errors.Range(nameof(RewireAfter), RewireAfter, 1, 100);
        errors.Range(nameof(MaximumPulls), MaximumPulls, 1, 50);
        errors.Range(nameof(NameCapacity), NameCapacity, 64, 1 << 22);
        errors.Require(StoreBytes >= 1 << 16, $"StoreBytes must be at least 65536, not {StoreBytes}.");
        errors.Range(nameof(SourceCapacity), SourceCapacity, 16, 1 << 20);
        errors.Require(MessagesPerSecond >= 10, $"MessagesPerSecond must be at least 10, not {MessagesPerSecond}.");
        errors.Range(nameof(EagerPayloadBytes), EagerPayloadBytes, 256, 32_768);
        errors.Range(nameof(MaximumPayloadBytes), MaximumPayloadBytes, 256, 16 << 20);
        errors.Range(nameof(ChunkBytes), ChunkBytes, 8192, 60_000);
        errors.Require(LargeBytes >= Math.Max(MaximumPayloadBytes, TransferManifest.LeastRoomBytes),
            $"LargeBytes must be at least MaximumPayloadBytes and 4096, not {LargeBytes}.");
        return errors.All;
    }

    private static void CheckTime(TimeSpan time, double least, double most, string name, OptionErrors errors) =>
        errors.Require(
            time.TotalSeconds >= least && time.TotalSeconds <= most,
            FormattableString.Invariant($"{name} must be from {least} to {most} seconds, not {time}."));
}
