using System.Globalization;
using System.Net;

namespace Hearsay.Addresses;

/// <summary>
/// A host, by address or name, and a port, as people write them: <c>host</c>, <c>host:1</c>, <c>[::1]:1</c>.
/// </summary>
/// <param name="Host">The name or address as written, without brackets.</param>
/// <param name="Address">The address, if the host is one; one of IPv4 that is written as IPv6 is one of IPv4.</param>
/// <param name="Port">The port.</param>
internal readonly record struct HostPort(string Host, IPAddress? Address, int Port)
{
    /// <summary>Longest name DNS knows.</summary>
    private const int MaximumNameCharacters = 253;

    /// <summary>Parses a host with an optional port.</summary>
    public static bool TryParse(string? text, int defaultPort, out HostPort parsed)
    {
        parsed = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        var (host, port) = Split(text.Trim());
        var number = defaultPort;
        if (port is not null && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            || number > IPEndPoint.MaxPort))
        {
            return false;
        }

        // The parser of the library takes 7946 for 0.0.31.10, which nobody means.
        IPAddress? address = null;
        var isAddress = (host.Contains(':') || host.Count(character => character == '.') == 3)
            && IPAddress.TryParse(host, out address);
        if (!isAddress && !IsName(host))
        {
            return false;
        }

        // One host, one spelling, as everywhere: an IPv4 address in the clothes of IPv6 is the IPv4 address.
        address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        parsed = new HostPort(host, address, number);
        return true;
    }

    /// <summary>The host with its port, as it is parsed.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']') is > 0 and var end)
        {
            var rest = text[(end + 1)..];
            return rest.Length == 0 ? (text[1..end], null)
                : rest[0] == ':' ? (text[1..end], rest[1..]) : (string.Empty, null);
        }

        var colon = text.LastIndexOf(':');
        return colon < 0 || text.IndexOf(':') != colon ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool IsName(string host) =>
        host.Length is > 0 and <= MaximumNameCharacters
        && Uri.CheckHostName(host) == UriHostNameType.Dns
        && !host.All(character => char.IsAsciiDigit(character) || character == '.');
}
