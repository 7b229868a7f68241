using Hearsay.AspNetCore.Calls;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Description;

/// <summary><c>/v1/openapi.json</c>: the routes as OpenAPI 3.1. A test compares the document with the routes.</summary>
internal static class DescriptionResource
{
    private static readonly Lazy<byte[]> s_document = new(static () =>
    {
        using var source = typeof(DescriptionResource).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = new byte[source.Length];
        source.ReadExactly(document);
        return document;
    });

    /// <summary>Adds the route.</summary>
    public static void Map(ServiceRoutes routes) => routes.Get("/v1/openapi.json", static context =>
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = s_document.Value.Length;
        return context.Response.Body.WriteAsync(s_document.Value, context.RequestAborted).AsTask();
    });
}
