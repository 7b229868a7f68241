using System.Text.Json;
using Hearsay.Settings;

namespace Hearsay.Agent.Calls;

/// <summary>Peers as lines for people.</summary>
internal static class PeerText
{
    private const string Unknown = "?";

    /// <summary>One line: id, addresses, age, whether it was a fallback, and its metadata.</summary>
    public static string Of(JsonElement peer) => string.Join("  ", Cells(peer)).TrimEnd();

    /// <summary>A table.</summary>
    public static IEnumerable<string> Table(JsonElement list)
    {
        var rows = list.GetProperty("peers").EnumerateArray().Select(Cells).ToList();
        var widths = Enumerable.Range(0, 4).Select(column =>
            rows.Select(row => row[column].Length).DefaultIfEmpty().Max()).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])))
            .TrimEnd());
    }

    /// <summary>Metadata as text where it is text, else as it came.</summary>
    public static string Metadata(JsonElement base64)
    {
        if (base64.ValueKind == JsonValueKind.Null)
        {
            return Unknown;
        }

        var text = StrictUtf8.TextOf(base64.GetBytesFromBase64());
        return text?.Any(char.IsControl) == false ? text : base64.GetString()!;
    }

    private static string[] Cells(JsonElement peer)
    {
        var addresses = string.Join(',', peer.GetProperty("addresses").EnumerateArray());
        var isFallback = peer.TryGetProperty("source", out var source) && source.GetString() == "fallback";
        return
        [
            peer.GetProperty("id").GetString()!, addresses,
            $"age {peer.GetProperty("ageCycles")}{(isFallback ? ", fallback" : string.Empty)}",
            Metadata(peer.GetProperty("metadata")),
        ];
    }
}
