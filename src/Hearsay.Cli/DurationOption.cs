using System.Globalization;

namespace Hearsay.Cli;

/// <summary>Durations as people type them: <c>500ms</c>, <c>1s</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>.</summary>
internal static class DurationOption
{
    /// <summary>What a message says of the format.</summary>
    public const string Format = "a duration such as 500ms, 1s, 1.5s, 2m or 1h";

    private static readonly (string Unit, double Milliseconds)[] s_units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    /// <summary>Parses a number with its unit.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var trimmed = text?.Trim() ?? string.Empty;
        foreach (var (unit, milliseconds) in s_units)
        {
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(
                    trimmed[..^unit.Length],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number)
                && number * milliseconds <= TimeSpan.FromDays(1000).TotalMilliseconds)
            {
                duration = TimeSpan.FromMilliseconds(number * milliseconds);
                return true;
            }
        }

        return false;
    }
}
