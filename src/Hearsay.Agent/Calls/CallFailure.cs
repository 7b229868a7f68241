using System.Security.Authentication;

namespace Hearsay.Agent.Calls;

/// <summary>Why a call got no answer, for the person who made it.</summary>
internal static class CallFailure
{
    /// <summary>The variable of the environment with the authorities that the command trusts.</summary>
    private const string Authorities = "SSL_CERT_FILE";

    /// <summary>A line.</summary>
    /// <param name="url">The agent's address.</param>
    /// <param name="failure">What the call ended with.</param>
    public static string Text(Uri url, Exception failure)
    {
        var place = url.GetLeftPart(UriPartial.Authority);
        if (failure is not HttpRequestException { StatusCode: null } request)
        {
            return $"The agent at {place} broke off: {failure.Message}";
        }

        var isPlain = url.Scheme == Uri.UriSchemeHttp;
        return request.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => OfEncryption(place, request),
            HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.Unknown when isPlain
                && request.InnerException is not System.Net.Sockets.SocketException =>
                $"What listens at {place} does not answer HTTP. If it is an agent with --http-certificate, its address "
                    + "begins with https:// (--agent).",
            HttpRequestError.ConnectionError =>
                $"No agent answers at {place}. Start one with 'hearsay agent', or name another with --agent.",
            _ => $"No agent answers at {place}: {request.Message} Start one with 'hearsay agent', or name another with "
                + "--agent.",
        };
    }

    /// <summary>An authority that is not known is told apart from a service that does not encrypt.</summary>
    private static string OfEncryption(string place, HttpRequestException failure)
    {
        if (failure.InnerException is not AuthenticationException wrong
            || !wrong.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase))
        {
            return $"What listens at {place} does not answer HTTPS: {(failure.InnerException ?? failure).Message} "
                + "An agent without --http-certificate has an address that begins with http:// (--agent).";
        }

        return $"The certificate of the agent at {place} is not accepted: {wrong.Message.TrimEnd('.')}. If its "
            + $"authority is your own, name a file with the authority's certificate in the variable {Authorities}.";
    }
}
