using System.CommandLine;
using System.Text.Json;
using Hearsay.AspNetCore.Maps;

namespace Hearsay.Agent.Guest;

/// <summary>What <c>hearsay map</c> prints for programs: the same whether an agent or a guest has it.</summary>
internal static class MapJson
{
    private const string Name = "--json";

    /// <summary>What a key has that is not there.</summary>
    public const string Nothing = "null";

    /// <summary>The option that asks for it.</summary>
    public static Option<bool> Option() => new(Name) { Description = "Print JSON, one object in a line" };

    /// <summary>Whether it is asked for.</summary>
    public static bool IsAsked(ParseResult parsed) => parsed.GetValue<bool>(Name);

    /// <summary>What a key has.</summary>
    public static string Of(MapEntry entry) =>
        JsonSerializer.Serialize(MapKeyItem.Of(entry), MapsJson.Relaxed.MapKeyItem);

    /// <summary>How much is in a map.</summary>
    public static string Of(MapStatus status) => JsonSerializer.Serialize(status, MapsJson.Relaxed.MapStatus);

    /// <summary>What became of a write.</summary>
    public static string Of(MapWrite written) => JsonSerializer.Serialize(
        new MapWriteItem(written.IsChanged, [.. written.Nodes.Select(static node => node.ToString())]),
        MapsJson.Relaxed.MapWriteItem);

    /// <summary>What became of lines.</summary>
    public static string OfLines(long lines) =>
        JsonSerializer.Serialize(new MapImportItem(lines), MapsJson.Relaxed.MapImportItem);

    /// <summary>A change.</summary>
    public static string Of(in MapUpdate update) => update.IsLagged
        ? OfEvent("lagged", $$"""{"missed":{{update.Missed}}}""")
        : update.Entry is { } entry ? OfEvent(update.IsState ? "state" : "changed", Of(entry))
        : OfEvent("removed", JsonSerializer.Serialize(
            new MapChangeItem(update.Key), MapsJson.Relaxed.MapChangeItem));

    /// <summary>An event of a stream.</summary>
    public static string OfEvent(string name, string data) => $$"""{"event":"{{name}}","data":{{data}}}""";
}
