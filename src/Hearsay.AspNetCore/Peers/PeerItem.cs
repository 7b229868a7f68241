using System.Text.Json.Serialization;

namespace Hearsay.AspNetCore.Peers;

/// <summary>A peer.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Addresses">One, or one of each family; the one to use comes first.</param>
/// <param name="Metadata">In base 64; null if it is not known here.</param>
/// <param name="AgeCycles">The age of what is known of it.</param>
internal sealed record PeerItem(string Id, string[] Addresses, byte[]? Metadata, int AgeCycles)
{
    /// <summary>Whether a draw was fresh or a fallback; of the view there is no draw.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>A peer of the view.</summary>
    public static PeerItem Of(in Peer peer, string? source = null) => new(
        peer.Id.ToString(), AddressesOf(peer), peer.HasMetadata ? peer.Metadata.ToArray() : null, peer.AgeCycles)
    {
        Source = source,
    };

    /// <summary>A peer that was drawn.</summary>
    public static PeerItem Drawn(in Peer peer, bool isFallback) => Of(peer, isFallback ? "fallback" : "fresh");

    private static string[] AddressesOf(in Peer peer)
    {
        var (first, all) = (peer.Address, peer.Addresses);
        if (!all.HasIPv4 || !all.HasIPv6)
        {
            return [first.ToString()];
        }

        return [first.ToString(), (first == all.IPv4 ? all.IPv6 : all.IPv4).ToString()];
    }
}
