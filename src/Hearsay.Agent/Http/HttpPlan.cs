using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Hearsay.Agent.Http;

/// <summary>Where and how an agent serves HTTP.</summary>
/// <param name="EndPoint">The address and port.</param>
/// <param name="IsNamed">Whether somebody named it; if not, another port is taken when this one is not free.</param>
/// <param name="Token">What callers must send; null for nothing.</param>
/// <param name="Certificate">For HTTPS; null for HTTP.</param>
internal sealed record HttpPlan(IPEndPoint EndPoint, bool IsNamed, string? Token, X509Certificate2? Certificate)
{
    /// <summary>The port where nobody names one.</summary>
    public const int DefaultPort = 7980;

    /// <summary>Where nobody names anything.</summary>
    public static HttpPlan Default { get; } =
        new(new IPEndPoint(IPAddress.Loopback, DefaultPort), IsNamed: false, Token: null, Certificate: null);

    /// <summary>Whether only this machine can call.</summary>
    public bool IsLocal => IPAddress.IsLoopback(EndPoint.Address);
}
