using System.Buffers.Binary;
using System.Security.Cryptography;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// Makes and checks link numbers without keeping them: the first bytes of a hash of a secret and of all that the number
/// vouches for. Whoever names the right one received it at the address it gave.
/// </summary>
internal sealed class LinkNumbers(ulong secretHigh, ulong secretLow)
{
    /// <summary>A number is good in the epoch it was made in and in the next.</summary>
    private static readonly long EpochTicks = TimeSpan.FromSeconds(10).Ticks;

    private readonly ReplayRing _used = new();

    /// <summary>The number for a request.</summary>
    /// <param name="asker">Who asks.</param>
    /// <param name="nonce">The request's nonce.</param>
    /// <param name="priority">How much it is needed.</param>
    /// <param name="replaces">
    /// The number of the asker's link under another address, which the new one is to replace; 0 if there is none.
    /// </param>
    /// <param name="now">The moment.</param>
    public ulong Make(in Peer asker, ulong nonce, NeighbourPriority priority, ulong replaces, Instant now) =>
        Hash(asker, nonce, priority, replaces, now.Ticks / EpochTicks);

    /// <summary>Whether this node made the number lately, for this very request.</summary>
    public bool Check(
        ulong link, in Peer asker, ulong nonce, NeighbourPriority priority, ulong replaces, Instant now)
    {
        var epoch = now.Ticks / EpochTicks;
        return link == Hash(asker, nonce, priority, replaces, epoch)
            || link == Hash(asker, nonce, priority, replaces, epoch - 1);
    }

    /// <summary>Takes a number; it makes one link and no second.</summary>
    public bool TryUse(ulong link) => _used.TryAdd(link);

    private ulong Hash(in Peer asker, ulong nonce, NeighbourPriority priority, ulong replaces, long epoch)
    {
        Span<byte> input = stackalloc byte[128];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var writer = new WireWriter(input);
        writer.WriteUInt64(secretHigh);
        writer.WriteUInt64(secretLow);
        writer.WriteUInt64((ulong)epoch);
        writer.WriteUInt64(nonce);
        writer.WriteUInt64(replaces);
        writer.WriteByte((byte)priority);
        NeighbourMessage.Write(ref writer, asker);
        SHA256.HashData(writer.Written, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
