using System.Net;
using System.Net.Sockets;

namespace Hearsay.Identity;

/// <summary>Turns seeds into addresses, anew at every attempt: a name may have moved since.</summary>
internal static class SeedResolver
{
    /// <summary>Addresses taken of one name; more are not needed to join.</summary>
    private const int MaximumAddressesOfName = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The addresses of all seeds that can be resolved now, and the errors of those that cannot.</summary>
    public static async Task<(List<NodeAddress> Addresses, List<string> Errors)> ResolveAsync(
        IEnumerable<string> seeds, CancellationToken cancellation)
    {
        var addresses = new List<NodeAddress>();
        var errors = new List<string>();

        // All at once: a name server that does not answer for one must not keep the others waiting.
        var found = await Task.WhenAll(seeds.Select(seed => ResolveAsync(seed, cancellation))).ConfigureAwait(false);
        foreach (var (ofSeed, wrong) in found)
        {
            addresses.AddRange(ofSeed);
            errors.AddRange(wrong);
        }

        return (addresses, errors);
    }

    private static async Task<(IEnumerable<NodeAddress> Addresses, List<string> Errors)> ResolveAsync(
        string seed, CancellationToken cancellation)
    {
        var errors = new List<string>();
        if (!HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var parsed))
        {
            return ([], errors);
        }

        var found = await ResolveAsync(parsed, errors, cancellation).ConfigureAwait(false);
        return (found.Select(address => NodeAddress.From(new IPEndPoint(address, parsed.Port))), errors);
    }

    /// <summary>The addresses of one host; none, and an error, if its name is not known.</summary>
    public static async Task<IReadOnlyList<IPAddress>> ResolveAsync(
        HostPort host, List<string> errors, CancellationToken cancellation)
    {
        if (host.Address is not null)
        {
            return [host.Address];
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            var found = await Dns.GetHostAddressesAsync(host.Host, patience.Token).ConfigureAwait(false);
            return found.Take(MaximumAddressesOfName).ToList();
        }
        catch (Exception error) when (error is SocketException or ArgumentException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            errors.Add($"{host}: {error.Message}");
            return [];
        }
    }
}
