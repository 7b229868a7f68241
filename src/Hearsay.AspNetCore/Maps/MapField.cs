using System.Text;
using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Hearsay.Features.Maps;
using Hearsay.Settings;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Maps;

/// <summary>The fields of calls to maps.</summary>
internal static class MapField
{
    /// <summary>Ten years.</summary>
    private const int LongestLifeSeconds = 315_360_000;

    /// <summary>The map in the path if the node holds it: who only reads must not use up its places.</summary>
    public static GossipMap? Find(HttpContext context, GossipNode node)
    {
        ThrowIfNotOffered(node);
        try
        {
            MapKeys.CheckName(CallField.Name(context));
        }
        catch (ArgumentException wrong)
        {
            throw new ProblemException(Problems.Field("name", "1 to 64 bytes of UTF-8", ArgumentText.Of(wrong)));
        }

        return node.Feature<MapsFeature>()!.Service.Holds(CallField.Name(context)) ? Map(context, node) : null;
    }

    /// <summary>The map in the path.</summary>
    /// <exception cref="ProblemException">The node does not hold it.</exception>
    public static GossipMap Known(HttpContext context, GossipNode node) =>
        Find(context, node) ?? throw new ProblemException(Problems.Unknown(
            "map", "This node holds no map of this name: nobody that it knows has written to it."));

    /// <summary>The map in the path, which the node holds from now on.</summary>
    public static GossipMap Map(HttpContext context, GossipNode node)
    {
        ThrowIfNotOffered(node);
        try
        {
            return node.GetMap(CallField.Name(context));
        }
        catch (ArgumentException wrong)
        {
            throw new ProblemException(Problems.Field("name", "1 to 64 bytes of UTF-8", ArgumentText.Of(wrong)));
        }
        catch (InvalidOperationException full) when (full is not ObjectDisposedException)
        {
            throw new ProblemException(Problems.Full("maps", full.Message));
        }
    }

    /// <summary>The key in the path.</summary>
    public static string Key(HttpContext context) => Part(context, "key");

    /// <summary>The field in the path; null if it has none.</summary>
    public static string? FieldOf(HttpContext context) =>
        context.Request.RouteValues.ContainsKey("field") ? Part(context, "field") : null;

    /// <summary>The element in the path.</summary>
    public static string Element(HttpContext context) => Part(context, "element");

    /// <summary>How long what is written lives; null for ever.</summary>
    public static TimeSpan? TimeToLive(HttpContext context) => context.Request.Query.ContainsKey("ttlSeconds")
        ? TimeSpan.FromSeconds(CallField.Count(context, "ttlSeconds", 1, LongestLifeSeconds, 1)) : null;

    /// <summary>How many other nodes must have a write.</summary>
    public static WriteConcern Concern(HttpContext context)
    {
        var nodes = CallField.Count(context, "nodes", 0, WriteConcern.LargestNodes, 0);
        var seconds = CallField.Count(context, "timeoutSeconds", 1, 3_600, 10);
        return nodes == 0 ? WriteConcern.Local : WriteConcern.Nodes(nodes, TimeSpan.FromSeconds(seconds));
    }

    private static void ThrowIfNotOffered(GossipNode node)
    {
        if (node.Options.Maps is null)
        {
            throw new ProblemException(Problems.NotOffered("This node holds no maps; an agent does with --maps true."));
        }
    }

    private static string Part(HttpContext context, string field)
    {
        var text = CallField.Name(context, field);
        return Encoding.UTF8.GetByteCount(text) is > 0 and <= MapOptions.LongestKeyBytes
            ? text
            : throw new ProblemException(Problems.Field(
                field, $"1 to {MapOptions.LongestKeyBytes} bytes of UTF-8", $"The {field} is empty or too long."));
    }
}
