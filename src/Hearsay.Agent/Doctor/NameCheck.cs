using System.Net;
using Hearsay.Addresses;
using Hearsay.Joining;

namespace Hearsay.Agent.Doctor;

/// <summary>The names among the options: whether somebody knows them, and as what.</summary>
internal static class NameCheck
{
    /// <summary>The addresses of the seeds; what is wrong with their names goes to the findings.</summary>
    public static async Task<List<SeedAddress>> OfAsync(
        GossipNodeOptions options, List<Finding> findings, CancellationToken cancellation)
    {
        var addresses = new List<SeedAddress>();
        if (options.Seeds.Count == 0)
        {
            findings.Add(Finding.Warning(
                "seeds", "There are none: this node waits until another one joins through it.",
                "Name one or two nodes of the network with --seed, unless this is the first one."));
        }

        foreach (var seed in options.Seeds)
        {
            if (!HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var host))
            {
                continue;
            }

            var errors = new List<string>();
            var found = await SeedResolver.ResolveAsync(host, errors, cancellation, options.Names)
                .ConfigureAwait(false);
            addresses.AddRange(found.Select(address => new SeedAddress(seed, new IPEndPoint(address, host.Port))));
            if (host.Address is null)
            {
                findings.Add(Judge(host, [.. found], errors));
            }
        }

        return addresses;
    }

    /// <summary>What a name is worth that means these addresses here.</summary>
    internal static Finding Judge(HostPort host, IPAddress[] found, List<string> errors) => found switch
    {
        [] => Finding.Problem(
            "name", $"No address is known for {host.Host}. {string.Join(' ', errors)}".TrimEnd(),
            $"Ask the name server ('getent hosts {host.Host}'), or name the seed by its address."),
        _ when Array.TrueForAll(found, IPAddress.IsLoopback) && host.Host != "localhost" => Finding.Warning(
            "name", $"{host.Host} is this host itself here ({string.Join(", ", found.AsEnumerable())}).",
            "If it is another host, correct /etc/hosts: some systems enter their own name with 127.0.1.1."),
        _ => Finding.Ok("name", $"{host.Host} is {string.Join(", ", found.AsEnumerable())}."),
    };
}
