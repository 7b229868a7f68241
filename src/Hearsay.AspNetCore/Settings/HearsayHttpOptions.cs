namespace Hearsay.AspNetCore;

/// <summary>The options of the HTTP service. Immutable.</summary>
public sealed record HearsayHttpOptions
{
    private const int MostOrigins = 64;
    private const int MostErrors = 5;

    /// <summary>The name with which <c>AddHearsay(name, ...)</c> added the node that is served.</summary>
    /// <value>Default null: the node that was added without a name.</value>
    public string? NodeName { get; init; }

    /// <summary>
    /// The token that callers must send (<c>Authorization: Bearer TOKEN</c>). It is compared in constant time. The
    /// routes under <c>/v1/health</c> are open without it.
    /// </summary>
    /// <value>Default null: no token. At least 16 visible ASCII characters.</value>
    public string? BearerToken { get; init; }

    /// <summary>
    /// The origins whose pages may call the service from a browser (CORS), each as a browser sends it:
    /// <c>https://example.com</c>, with a port if it is not the usual one. They need the token like all other callers.
    /// </summary>
    /// <value>Default none: no page of another origin may call. At most 64.</value>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Whether a call must name the service by an IP address or as <c>localhost</c>. A web page can make a DNS name of
    /// its own resolve to this machine (DNS rebinding), and could then read answers. Switch it on where the service
    /// listens on loopback without a token, and off behind a proxy.
    /// </summary>
    /// <value>Default false.</value>
    public bool LocalNamesOnly { get; init; }

    /// <summary>Whether <c>POST /v1/leave</c> stops the host as well, after it has answered.</summary>
    /// <value>Default false: the host keeps running without a node.</value>
    public bool StopHostAfterLeave { get; init; }

    /// <summary>The limits of the service.</summary>
    /// <value>Default <see cref="HearsayHttpLimits"/> with their defaults.</value>
    public HearsayHttpLimits Limits { get; init; } = new();

    /// <summary>Throws if the options are not valid.</summary>
    /// <exception cref="ArgumentException">The message names every option that is wrong, and its range.</exception>
    public void ThrowIfInvalid()
    {
        var errors = Limits.Errors().Select(static error => "Limits." + error).ToList();
        if (BearerToken is { } token && (token.Length < 16 || token.Any(static letter => letter is <= ' ' or > '~')))
        {
            errors.Add("BearerToken must have at least 16 visible ASCII characters.");
        }

        errors.AddRange(AllowedOrigins.Where(static origin => !IsOrigin(origin)).Take(MostErrors).Select(
            static origin => $"AllowedOrigins must each be SCHEME://HOST[:PORT], not '{origin}'."));
        if (AllowedOrigins.Count > MostOrigins)
        {
            errors.Add($"AllowedOrigins must be at most {MostOrigins}, not {AllowedOrigins.Count}.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors));
        }
    }

    /// <summary>Whether a browser would send it so.</summary>
    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)
        && url.UserInfo.Length == 0;
}
