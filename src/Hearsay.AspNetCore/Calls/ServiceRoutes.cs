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
internal sealed class ServiceRoutes(IEndpointRouteBuilder endpoints, CallGate gate)
{
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

    private void Add(string method, string pattern, CallKind kind, RequestDelegate handler) =>
        endpoints.MapMethods(pattern, [method], gate.Guard(kind, handler)).WithDisplayName($"{method} {pattern}");
}
