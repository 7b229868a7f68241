using System.Net;
using System.Security.Cryptography;
using System.Text;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Calls;

/// <summary>Who may call.</summary>
/// <remarks>
/// A browser sends its user's pages' requests to loopback too, so a request that comes from a page is refused, with or
/// without a token: no page of another origin reads or changes anything here.
/// </remarks>
internal sealed class AccessRules(HearsayHttpOptions options)
{
    private const string Scheme = "Bearer ";

    /// <summary>Of equal length whatever the token is, so that comparing tells nothing of it.</summary>
    private volatile byte[]? _tokenHash = options.BearerToken is { } token ? HashOf(token) : null;

    /// <summary>Another token from now on.</summary>
    public void ChangeToken(string token) => _tokenHash = HashOf(token);

    /// <summary>Whether pages of an origin may call.</summary>
    public bool Allows(string origin) => options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a call is refused; null if it is not.</summary>
    /// <param name="request">The call.</param>
    /// <param name="isOpen">Whether it needs no token.</param>
    public Problem? Refusal(HttpRequest request, bool isOpen)
    {
        if (IsFromPage(request) && !Allows(request.Headers.Origin.ToString()))
        {
            return Problems.Forbidden(
                "foreign-origin", "The service takes no calls from pages of this origin (CORS).", "Origin");
        }

        if (options.LocalNamesOnly && !IsLocalName(request.Host.Host))
        {
            return Problems.Forbidden(
                "foreign-host", "Name the service by its IP address or as localhost, not by another name.", "Host");
        }

        return isOpen || _tokenHash is null || HasToken(request) ? null : Problems.Unauthorized();
    }

    private static bool IsFromPage(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site))
        {
            return site.ToString() is not ("same-origin" or "none");
        }

        return request.Headers.Origin is { Count: > 0 } origin
            && !string.Equals(
                origin.ToString(), $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out _);

    private bool HasToken(HttpRequest request)
    {
        var sent = request.Headers.Authorization.ToString();
        return sent.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(HashOf(sent[Scheme.Length..]), _tokenHash!);
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
