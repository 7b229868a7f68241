using System.Net;
using System.Net.Sockets;

namespace Hearsay.Addresses;

/// <summary>
/// Chooses the addresses under which others reach this host, for a node that listens on all of them. Best is the one
/// from which packets to the seeds leave; then that of the default route; then any but those of container bridges;
/// loopback only if there is nothing else.
/// </summary>
internal static class LocalAddress
{
    /// <summary>Addresses for documentation, of no real network: packets to them take the default route.</summary>
    private static readonly IPEndPoint[] s_anywhere =
    [
        new(new IPAddress([192, 0, 2, 1]), 9), new(IPAddress.Parse("2001:db8::1"), 9),
    ];

    /// <summary>How interfaces are called that lead to containers and virtual machines of the host itself.</summary>
    private static readonly string[] s_containers =
    [
        "docker", "podman", "cni", "cbr", "flannel", "cali", "cilium", "lxcbr", "lxdbr", "incusbr", "veth", "virbr",
        "vnet", "vboxnet", "vmnet", "vEthernet",
    ];

    /// <summary>The addresses to tell others.</summary>
    /// <param name="host">The host.</param>
    /// <param name="bound">Where the node listens: on every address of IPv4, or of both families.</param>
    /// <param name="seeds">The seeds' addresses as far as they are known.</param>
    /// <returns>The best address, and that of the other family if it is no worse than an ordinary one.</returns>
    public static NodeAddresses Choose(IHostNetwork host, NodeAddress bound, IEnumerable<NodeAddress> seeds)
    {
        var all = host.Addresses;
        IPAddress[] towards = [.. seeds.Where(seed => seed.IsUsable && (seed.IsIPv4 || !bound.IsIPv4))
            .Select(seed => host.Towards(seed.ToIPEndPoint())).OfType<IPAddress>().Distinct()];
        IPAddress[] defaults = [.. s_anywhere.Select(host.Towards).OfType<IPAddress>()];
        var known = towards.Concat(defaults).Concat(all.Select(address => address.Address)).Distinct()
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork || !bound.IsIPv4)
            .Select(address => (Address: address, Rank: RankOf(address, all, towards, defaults)))
            .Where(candidate => candidate.Rank < AddressRank.Loopback)
            .OrderBy(candidate => candidate.Rank)
            .ToArray();
        if (known.Length == 0)
        {
            return new NodeAddresses(NodeAddress.From(new IPEndPoint(IPAddress.Loopback, bound.Port)));
        }

        var best = known[0].Address;
        var other = known.FirstOrDefault(candidate =>
            candidate.Address.AddressFamily != best.AddressFamily && candidate.Rank <= AddressRank.Ordinary).Address;
        return new NodeAddresses(
            NodeAddress.From(new IPEndPoint(best, bound.Port)),
            other is null ? default : NodeAddress.From(new IPEndPoint(other, bound.Port)));
    }

    /// <summary>
    /// What to tell others after the interfaces have changed. An address that the host still has stays, since others
    /// know it, unless others could not reach it anyway; and nothing is better than loopback.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="told">What others were told so far.</param>
    /// <param name="chosen">What <see cref="Choose"/> would tell them now.</param>
    public static NodeAddresses Reconsider(IHostNetwork host, NodeAddresses told, NodeAddresses chosen)
    {
        var all = host.Addresses;
        if (IsLoopback(chosen) || all.Count == 0)
        {
            return told;
        }

        return new NodeAddresses(
            Stays(told.IPv4, all) ? told.IPv4 : chosen.IPv4, Stays(told.IPv6, all) ? told.IPv6 : chosen.IPv6);
    }

    /// <summary>
    /// Whether the host may have other addresses than it tells now: none at all, not even loopback, or none for others
    /// where there was one. Interfaces go and come, and a list that cannot be read is empty.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="told">What others were told so far.</param>
    /// <param name="chosen">What <see cref="Choose"/> would tell them now.</param>
    public static bool IsUncertain(IHostNetwork host, NodeAddresses told, NodeAddresses chosen) =>
        host.Addresses.Count == 0 || (IsLoopback(chosen) && !IsLoopback(told));

    /// <summary>Whether only this host reaches these addresses.</summary>
    public static bool IsLoopback(NodeAddresses addresses) =>
        (!addresses.HasIPv4 || IsLoopback(addresses.IPv4)) && (!addresses.HasIPv6 || IsLoopback(addresses.IPv6));

    private static bool IsLoopback(NodeAddress address) => IPAddress.IsLoopback(address.ToIPEndPoint().Address);

    private static bool Stays(NodeAddress told, IReadOnlyList<HostAddress> all)
    {
        if (told.IsNone)
        {
            return false;
        }

        var address = told.ToIPEndPoint().Address;
        return all.Any(held => held.Address.Equals(address))
            && RankOf(address, all, [], []) <= AddressRank.Ordinary;
    }

    private static AddressRank RankOf(
        IPAddress address, IReadOnlyList<HostAddress> all, IPAddress[] towards, IPAddress[] defaults)
    {
        if (!NodeAddress.From(new IPEndPoint(address, 1)).IsUsable || address.IsIPv6LinkLocal)
        {
            return AddressRank.Unusable;
        }

        if (IPAddress.IsLoopback(address))
        {
            return AddressRank.Loopback;
        }

        var isContainer = all.Any(held => held.Address.Equals(address) && IsContainer(held.Interface));
        return towards.Contains(address) && !isContainer ? AddressRank.TowardsSeed
            : towards.Contains(address) ? AddressRank.TowardsSeedOnThisHost
            : defaults.Contains(address) ? AddressRank.DefaultRoute
            : isContainer ? AddressRank.Container
            : IsSelfAssigned(address) ? AddressRank.SelfAssigned : AddressRank.Ordinary;
    }

    /// <summary>Docker calls the bridges of its networks br- with twelve hexadecimal digits.</summary>
    private static bool IsContainer(string name) =>
        s_containers.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
        || (name.Length == 15 && name.StartsWith("br-", StringComparison.Ordinal)
            && name.Skip(3).All(char.IsAsciiHexDigitLower));

    private static bool IsSelfAssigned(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..];
}
