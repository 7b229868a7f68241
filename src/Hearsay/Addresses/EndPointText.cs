using System.Net;

namespace Hearsay.Addresses;

/// <summary>The endpoints of .NET as the text that options hold: <c>HOST:PORT</c>.</summary>
internal static class EndPointText
{
    /// <summary>The text of an address or name with its port.</summary>
    /// <exception cref="ArgumentException">It is neither of IP nor of DNS.</exception>
    public static string Of(EndPoint endPoint, string parameter)
    {
        ArgumentNullException.ThrowIfNull(endPoint, parameter);
        return endPoint switch
        {
            IPEndPoint ip => new HostPort(ip.Address.ToString(), null, ip.Port).ToString(),
            DnsEndPoint name => new HostPort(name.Host, null, name.Port).ToString(),
            _ => throw new ArgumentException(
                $"An endpoint must be an {nameof(IPEndPoint)} or a {nameof(DnsEndPoint)}, not '{endPoint}'.",
                parameter),
        };
    }
}
