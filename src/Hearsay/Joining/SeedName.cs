using System.Net;
using System.Net.Sockets;
using Hearsay.Addresses;
using Hearsay.Protocols;
using Hearsay.Protocols.Core;
using Hearsay.Settings;

namespace Hearsay.Joining;

/// <summary>
/// A seed that is a name, and what is known of it. Not thread safe: <see cref="SeedBook"/> guards it.
/// </summary>
internal sealed class SeedName(HostPort host)
{
    /// <summary>Addresses taken of one name; more are not needed to join.</summary>
    public const int MaximumAddresses = 16;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A name that comes to be is found by then.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private Instant _notBefore = new(long.MinValue);
    private WideningPace _warning = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    /// <summary>The name and port.</summary>
    public HostPort Host { get; } = host;

    /// <summary>What it was last resolved to; kept while it cannot be resolved.</summary>
    public IReadOnlyList<NodeAddress> Addresses { get; private set; } = [];

    /// <summary>Lookups in a row that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether it is being looked up.</summary>
    public bool IsPending { get; set; }

    /// <summary>Whether it may be looked up now: one that fails pauses from a second up to a minute.</summary>
    public bool MayLookUp(Instant now) => !IsPending && now >= _notBefore;

    /// <summary>It was resolved.</summary>
    /// <returns>Whether to other addresses than before.</returns>
    public bool Resolved(IPAddress[] found)
    {
        (Failures, _notBefore) = (0, new Instant(long.MinValue));
        var chosen = Choose(found, Host.Port);
        var differs = !Addresses.ToHashSet().SetEquals(chosen);
        Addresses = chosen;
        return differs;
    }

    /// <summary>It was not resolved.</summary>
    /// <returns>Whether the operator is told: the first time, and ever more rarely while it goes on.</returns>
    public bool Failed(Instant now)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(Failures++, 10));
        _notBefore = now + (pause < LongestPause ? pause : LongestPause);
        return _warning.TryTake(now);
    }

    /// <summary>What is wrong with the addresses of a name if no node can have any of them; null if one can.</summary>
    public static string? WhyUseless(IReadOnlyList<IPAddress> found) =>
        found.Count > 0 && found.All(address => AddressValidation.WhyNobodys(address) is not null)
            ? $"it has no address of a node: {found[0]} {AddressValidation.WhyNobodys(found[0])}" : null;

    /// <summary>
    /// Of more addresses than are taken a random choice: the operating system puts those first that are near, and two
    /// sites that know only their own stay two networks.
    /// </summary>
    public static IReadOnlyList<NodeAddress> Choose(IPAddress[] found, int port)
    {
        var copy = found.ToArray();
        if (copy.Length > MaximumAddresses)
        {
            Random.Shared.Shuffle(copy);
        }

        return [.. copy.Take(MaximumAddresses).Select(address => NodeAddress.From(new IPEndPoint(address, port)))];
    }
}
