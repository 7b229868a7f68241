using System.Net;
using System.Security.Cryptography.X509Certificates;
using Hearsay.AspNetCore;

namespace Hearsay.Agent.Http;

/// <summary>Where and how an agent serves HTTP.</summary>
/// <param name="EndPoint">The address and port.</param>
/// <param name="IsNamed">Whether somebody named it; if not, another port is taken when this one is not free.</param>
/// <param name="Token">What callers must send; null for nothing.</param>
/// <param name="Certificate">For HTTPS; null for HTTP.</param>
internal sealed record HttpPlan(IPEndPoint EndPoint, bool IsNamed, string? Token, X509Certificate2? Certificate)
{
    /// <summary>What callers are sent beside <see cref="Certificate"/>: those that lead to an authority.</summary>
    public X509Certificate2Collection Issuers { get; init; } = [];

    /// <summary>The origins whose pages may call.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Calls a second that change something.</summary>
    public int WritesPerSecond { get; init; } = new HearsayHttpLimits().WritesPerSecond;

    /// <summary>The options of the service.</summary>
    public HearsayHttpOptions Options => new()
    {
        BearerToken = Token,
        LocalNamesOnly = IsLocal && Token is null,
        StopHostAfterLeave = true,
        AllowedOrigins = Origins,
        Limits = new HearsayHttpLimits { WritesPerSecond = WritesPerSecond },
    };

    /// <summary>The port where nobody names one.</summary>
    public const int DefaultPort = 7980;

    /// <summary>Where nobody names anything.</summary>
    public static HttpPlan Default { get; } =
        new(new IPEndPoint(IPAddress.Loopback, DefaultPort), IsNamed: false, Token: null, Certificate: null);

    /// <summary>Whether only this machine can call.</summary>
    public bool IsLocal => IPAddress.IsLoopback(EndPoint.Address);
}
