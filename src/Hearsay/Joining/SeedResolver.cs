using System.Net;
using System.Net.Sockets;
using Hearsay.Addresses;

namespace Hearsay.Joining;

/// <summary>
/// Turns hosts into addresses once, for who waits for them; <see cref="SeedBook"/> does it again and again.
/// </summary>
internal static class SeedResolver
{
    /// <summary>How long anybody waits for names; who asks again while a lookup still runs shares it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The addresses of all seeds that can be resolved now, and the errors of those that cannot.</summary>
    /// <param name="seeds">Each <c>HOST:PORT</c>; what is not is passed over.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <param name="resolver">Looks names up; null for the process's.</param>
    public static async Task<(List<NodeAddress> Addresses, List<string> Errors)> ResolveAsync(
        IEnumerable<string> seeds, CancellationToken cancellation, NameResolver? resolver = null)
    {
        var addresses = new List<NodeAddress>();
        var errors = new List<string>();

        // Asked for together, so that all of them together take no longer than one may.
        var found = await Task.WhenAll(
            seeds.Select(seed => ResolveAsync(seed, resolver, cancellation))).ConfigureAwait(false);
        foreach (var (ofSeed, wrong) in found)
        {
            addresses.AddRange(ofSeed);
            errors.AddRange(wrong);
        }

        return (addresses, errors);
    }

    private static async Task<(IEnumerable<NodeAddress> Addresses, List<string> Errors)> ResolveAsync(
        string seed, NameResolver? resolver, CancellationToken cancellation)
    {
        var errors = new List<string>();
        if (!HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var parsed))
        {
            return ([], errors);
        }

        var found = await ResolveAsync(parsed, errors, cancellation, resolver).ConfigureAwait(false);
        if (SeedName.WhyUseless(found) is { } reason)
        {
            errors.Add($"{parsed}: {reason}.");
            return ([], errors);
        }

        return (SeedName.Choose([.. found], parsed.Port), errors);
    }

    /// <summary>The addresses of one host; none, and an error, if its name is not known within five seconds.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<IReadOnlyList<IPAddress>> ResolveAsync(
        HostPort host, List<string> errors, CancellationToken cancellation, NameResolver? resolver = null)
    {
        if (host.Address is not null)
        {
            return [host.Address];
        }

        cancellation.ThrowIfCancellationRequested();
        try
        {
            var looking = (resolver ?? NameResolver.Shared).ResolveAsync(host.Host);
            return await looking.WaitAsync(Patience, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            errors.Add($"{host}: no name server has answered within {Patience.TotalSeconds:0} s.");
        }
        catch (Exception error) when (error is SocketException or ArgumentException or InvalidOperationException)
        {
            errors.Add($"{host}: {error.Message}");
        }

        return [];
    }
}
