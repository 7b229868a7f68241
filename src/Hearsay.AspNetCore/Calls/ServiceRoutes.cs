using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hearsay.AspNetCore.Calls;

/// <summary>Adds routes behind the gate.</summary>
/// <remarks>
/// Handlers read the request by hand. So nothing of a route is found by reflection, a call costs little more than its
/// own work, and the description in <c>Description/openapi.json</c> is checked against the routes by a test.
/// </remarks>
/// <param name="endpoints">Takes the routes.</param>
/// <param name="gate">Stands before them.</param>
/// <param name="isCrossOrigin">Whether pages of other origins may call: browsers ask at every path before.</param>
internal sealed class ServiceRoutes(IEndpointRouteBuilder endpoints, CallGate gate, bool isCrossOrigin)
{
    /// <summary>
    /// The paths at which browsers may ask. One route for all paths would make every unknown path of the application
    /// one that takes another method.
    /// </summary>
    private readonly HashSet<string> _asked = [];

    /// <summary>A route that reads.</summary>
    public void Get([StringSyntax("Route")] string pattern, RequestDelegate handler) =>
        Add("GET", pattern, CallKind.Read, handler);

    /// <summary>A route that probes read without a token. Some ask for the status alone, by HEAD.</summary>
    public void Open([StringSyntax("Route")] string pattern, RequestDelegate handler)
    {
        Add("GET", pattern, CallKind.Open, handler);
        Add("HEAD", pattern, CallKind.Open, handler);
    }

    /// <summary>A route that replaces.</summary>
    public void Put([StringSyntax("Route")] string pattern, RequestDelegate handler) =>
        Add("PUT", pattern, CallKind.Write, handler);

    /// <summary>A route that adds or acts.</summary>
    public void Post([StringSyntax("Route")] string pattern, RequestDelegate handler) =>
        Add("POST", pattern, CallKind.Write, handler);

    /// <summary>A route that ends something.</summary>
    public void Delete([StringSyntax("Route")] string pattern, RequestDelegate handler) =>
        Add("DELETE", pattern, CallKind.Write, handler);

    private void Add(string method, string pattern, CallKind kind, RequestDelegate handler)
    {
        endpoints.MapMethods(pattern, [method], gate.Guard(kind, handler)).WithDisplayName($"{method} {pattern}");
        if (isCrossOrigin && _asked.Add(pattern))
        {
            endpoints.MapMethods(pattern, ["OPTIONS"], gate.Preflight).WithDisplayName($"OPTIONS {pattern}");
        }
    }
}
