using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast.Large;

/// <summary>A large message: its body, and the message that carried the manifest of that.</summary>
internal sealed class LargeMessage : TransferBody
{
    /// <summary>The longest, in bytes.</summary>
    public const int LongestBytes = 16 << 20;

    private LargeMessage(
        in BroadcastId id, byte[] frame, ReadOnlyMemory<byte> manifest, Instant now, Instant heldUntil, uint earlier)
        : base(KeyOf(id), manifest, now, heldUntil, earlier)
    {
        (Name, Frame) = (id, frame);
    }

    /// <summary>Its name.</summary>
    public BroadcastId Name { get; }

    /// <summary>The message that carried the manifest.</summary>
    public byte[] Frame { get; }

    /// <summary>How old it was when that came, in ticks.</summary>
    public long AgeThen { get; private init; }

    /// <summary>Whether those are fed who are pushed the manifest.</summary>
    public bool FeedsPushed { get; set; }

    /// <summary>Whether those are fed who ask for the manifest.</summary>
    public bool FeedsPulled { get; set; }

    /// <summary>A large message of which nothing is here.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="frame">The message that carried its manifest.</param>
    /// <param name="age">Its age, in ticks.</param>
    /// <param name="now">The moment.</param>
    /// <param name="retention">How old it may become.</param>
    /// <param name="earlier">Who had its manifest before this node, by slot.</param>
    /// <param name="isOwn">Whether it was published here.</param>
    /// <param name="hadChunks">Whether something of it came before it was given up and begun again.</param>
    public static LargeMessage Of(
        in BroadcastId id, scoped in MessageFrame frame, long age, Instant now, TimeSpan retention, uint earlier,
        bool isOwn, bool hadChunks)
    {
        var heldUntil = now + (retention - TimeSpan.FromTicks(age));
        var bytes = frame.Body.ToArray();
        var manifest = bytes.AsMemory(bytes.Length - frame.Proof.Length - frame.Payload.Length, frame.Payload.Length);
        return new LargeMessage(id, bytes, manifest, now, heldUntil, earlier)
        {
            AgeThen = age, IsOwn = isOwn, HadChunks = hadChunks,
        };
    }

    /// <summary>The name, as transfers have it.</summary>
    public static UInt128 KeyOf(in BroadcastId id) => new(id.High, id.Low);
}
