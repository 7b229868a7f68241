using System.Net;
using System.Net.Sockets;
using Hearsay.Addresses;

namespace Hearsay.Settings;

/// <summary>Checks the options that are addresses, for <see cref="GossipNodeValidation"/>.</summary>
internal static class AddressValidation
{
    /// <summary>What is wrong with where a node listens.</summary>
    public static IEnumerable<string> OfBind(string? bind)
    {
        if (!HostPort.TryParse(bind, GossipNodeOptions.DefaultPort, out var parsed)
            || parsed.Address is not { } address)
        {
            yield return $"Bind must be ADDRESS[:PORT] with an address of this machine, or 0.0.0.0 or [::] for all of "
                + $"them, not '{bind}'; the port is {GossipNodeOptions.DefaultPort} if none is given.";
        }
        else if (!IsEvery(address) && WhyNobodys(address) is { } reason)
        {
            yield return $"Bind must be an address of this machine, or 0.0.0.0 or [::] for all of them, not '{bind}': "
                + $"{address} {reason}.";
        }
    }

    /// <summary>What is wrong with the addresses that others are told.</summary>
    public static IEnumerable<string> OfAdvertise(string? advertise, string? bind)
    {
        var parts = advertise?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        var hosts = new List<HostPort>();
        foreach (var part in parts)
        {
            if (HostPort.TryParse(part, 0, out var host))
            {
                hosts.Add(host);
            }
        }

        if (hosts.Count != parts.Length || hosts.Count > 2)
        {
            yield return "Advertise must be HOST[:PORT] or two of them with a comma between, "
                + $"not '{advertise}'; the port is the one bound if none is given.";
            yield break;
        }

        foreach (var host in hosts)
        {
            if (WhyUnreachable(host, bind) is { } reason)
            {
                yield return $"Advertise must be an address that others reach, not '{advertise}': {reason}.";
            }
        }

        if (hosts is [{ Address: { } first }, { Address: { } second }] && first.AddressFamily == second.AddressFamily)
        {
            yield return $"Advertise must have one address of each family if it has two, not '{advertise}'.";
        }
    }

    /// <summary>What is wrong with one of the nodes to join through.</summary>
    public static IEnumerable<string> OfSeed(string? seed, string? bind)
    {
        if (!HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var host) || host.Port == 0)
        {
            yield return "Seeds must each be HOST[:PORT] with a port from 1 to 65535, "
                + $"not '{seed}'; the port is {GossipNodeOptions.DefaultPort} if none is given.";
        }
        else if (WhyUnreachable(host, bind) is { } reason)
        {
            yield return $"Seeds must each name a node, not '{seed}': {reason}.";
        }
    }

    private static string? WhyUnreachable(HostPort host, string? bind)
    {
        if (host.Address is not { } address)
        {
            return null;
        }

        return WhyNobodys(address) is { } reason ? $"{address} {reason}"
            : address.IsIPv6LinkLocal && !IsLinkLocal(bind)
            ? $"{address} is a link-local address, and only a node that is bound to an address of that link can "
                + "reach it"
            : null;
    }

    private static bool IsLinkLocal(string? bind) =>
        HostPort.TryParse(bind, 0, out var parsed) && parsed.Address is { IsIPv6LinkLocal: true };

    private static bool IsEvery(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>Why an address is not one of a single host; null if it can be.</summary>
    public static string? WhyNobodys(IPAddress address)
    {
        if (IsEvery(address))
        {
            return "is for listening on every address, and no node is reached there";
        }

        if (NodeAddress.From(new IPEndPoint(address, 1)).IsUsable)
        {
            return null;
        }

        return address.Equals(IPAddress.Broadcast) ? "is the broadcast address"
            : address.IsIPv6Multicast ? "is a multicast address"
            : address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and < 240
            ? "is a multicast address" : "is reserved, and no machine has it";
    }
}
