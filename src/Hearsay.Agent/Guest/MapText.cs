using System.Globalization;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Guest;

/// <summary>Entries of a map as they are printed.</summary>
internal static class MapText
{
    /// <summary>Where a write is that waits for no other node.</summary>
    public const string AtAgent = "at the agent";

    /// <summary>The same of a write without an agent.</summary>
    public const string AtSeed = "at the node asked";

    /// <summary>What a key has.</summary>
    public static string Of(MapEntry entry) => entry.HasValue ? Printable(entry.Text)
        : entry.Fields is { Count: > 0 } fields
            ? "{" + string.Join("; ", fields.Select(static field => $"{Printable(field.Key)}: {Of(field)}")) + "}"
        : entry.Elements is { Count: > 0 } elements ? "{" + string.Join(", ", elements.Select(Printable)) + "}"
        : entry.IsRaised ? "raised" : entry.Count.ToString(CultureInfo.InvariantCulture);

    /// <summary>How much is in a map.</summary>
    public static string Of(
        long keys, long rows, long bytes, bool isTrusted, string root, string context) => string.Join(
        Environment.NewLine, Counted.Of(keys, "key"), Counted.Of(rows, "row"), Counted.Of(bytes, "byte"),
        isTrusted ? "complete" : "damaged, and not mended yet", $"root {root}", $"context {context}");

    /// <summary>A change.</summary>
    public static string Of(in MapUpdate update) => update.IsLagged
        ? $"({Counted.Of(update.Missed, "change")} missed)"
        : update.Entry is { } entry ? $"{Printable(update.Key)}\t{Of(entry)}" : $"{Printable(update.Key)} (removed)";

    /// <summary>What a stranger wrote must neither move the cursor of a terminal nor turn its text around.</summary>
    public static string Printable(string text) => TerminalText.Printable(text);
}
