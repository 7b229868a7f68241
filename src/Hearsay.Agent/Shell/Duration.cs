using System.Globalization;

namespace Hearsay.Agent.Shell;

/// <summary>Durations as people write them: <c>500ms</c>, <c>1s</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>.</summary>
internal static class Duration
{
    /// <summary>What a message says of the format.</summary>
    public const string Syntax = "a duration such as 500ms, 1s, 1.5s, 2m or 1h";

    private static readonly (string Suffix, TimeSpan Unit)[] s_units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
    ];

    /// <summary>Reads a number and its unit.</summary>
    /// <returns>False if it is anything else, negative, or longer than a day.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (suffix, unit) in s_units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                var read = double.TryParse(
                    text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture, out var number);
                if (!read || !(number * unit.Ticks <= TimeSpan.TicksPerDay))
                {
                    return false;
                }

                duration = new TimeSpan((long)Math.Round(number * unit.Ticks));
                return true;
            }
        }

        return false;
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads as this duration.</summary>
    public static string Format(TimeSpan duration)
    {
        var (suffix, unit) = s_units.LastOrDefault(entry => duration.Ticks % entry.Unit.Ticks == 0, s_units[0]);
        var number = (decimal)duration.Ticks / unit.Ticks;
        return number.ToString("0.####", CultureInfo.InvariantCulture) + suffix;
    }
}
