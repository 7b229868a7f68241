using Hearsay.Agent.Http;
using Hearsay.Agent.Seeds;
using Hearsay.AspNetCore;
using Hearsay.Hosting;

namespace Hearsay.Agent.Reloading;

/// <summary>What a reload changes.</summary>
/// <param name="Log">What is logged.</param>
/// <param name="Seeds">Who is contacted.</param>
/// <param name="Hearsay">The node.</param>
internal sealed record ReloadTarget(LogThreshold Log, SeedWatch Seeds, IHearsay Hearsay)
{
    /// <summary>The HTTP service, once it is there; null if HTTP is not served.</summary>
    public HttpService? Http { get; set; }

    /// <summary>What it was started with.</summary>
    public HttpPlan? Plan { get; init; }
}
