using System.Net;
using Hearsay.Addresses;

namespace Hearsay.Agent.Doctor;

/// <summary>The addresses that others are told.</summary>
internal static class AdvertiseCheck
{
    private const string Subject = "advertise";

    /// <summary>Those of the options, or those that the node would choose.</summary>
    public static IEnumerable<Finding> Of(GossipNodeOptions options, IReadOnlyList<NodeAddress> seeds)
    {
        if (!HostPort.TryParse(options.Bind, GossipNodeOptions.DefaultPort, out var bind)
            || bind.Address is not { } address)
        {
            return [];
        }

        var isEvery = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        var needsOthers = seeds.Any(static seed => !IPAddress.IsLoopback(seed.ToIPEndPoint().Address));
        if (options.Advertise is { } advertise)
        {
            return advertise.Split(',', StringSplitOptions.TrimEntries).Select(part =>
                OfGiven(part, options, needsOthers));
        }

        var told = isEvery
            ? LocalAddress.Choose(options.Host, NodeAddress.From(new IPEndPoint(address, bind.Port)), seeds)
            : new NodeAddresses(NodeAddress.From(new IPEndPoint(address, bind.Port)));
        return [LocalAddress.IsLoopback(told) && needsOthers
            ? Finding.Problem(
                Subject, $"Others are told {told}, where only this host reaches the node, and a seed is elsewhere.",
                "Bind to an address of the network, or to 0.0.0.0, with --bind.")
            : Finding.Ok(Subject, $"Others are told {told}.")];
    }

    private static Finding OfGiven(string part, GossipNodeOptions options, bool needsOthers)
    {
        if (!HostPort.TryParse(part, GossipNodeOptions.DefaultPort, out var host) || host.Address is not { } address)
        {
            return Finding.Ok(Subject, $"Others are told the addresses of {part}.");
        }

        if (IPAddress.IsLoopback(address) && needsOthers)
        {
            return Finding.Problem(
                Subject, $"Others are told {part}, where only they themselves answer, and a seed is elsewhere.",
                "Advertise an address at which other hosts reach this one.");
        }

        return options.Host.Addresses.Any(own => own.Address.Equals(address))
            ? Finding.Ok(Subject, $"Others are told {part}, an address of this host.")
            : Finding.Warning(
                Subject, $"Others are told {part}, which no interface of this host has.",
                "That is right if something in between forwards UDP and TCP of that port to this host; else correct "
                + "--advertise.");
    }
}
