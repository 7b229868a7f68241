using System.Globalization;
using System.Runtime.InteropServices;

namespace Hearsay.Lab.Contract;

/// <summary>Delays, uniform between two bounds: on a command line "20" or "5..80", in milliseconds.</summary>
/// <param name="Least">The shortest.</param>
/// <param name="Most">The longest, not below the shortest.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LatencyRange(TimeSpan Least, TimeSpan Most)
{
    /// <summary>The longest delay that may be asked for, in milliseconds.</summary>
    public const int MaximumMilliseconds = 60_000;

    /// <summary>Whether there is no delay at all.</summary>
    public bool IsNone => Most == TimeSpan.Zero;

    /// <summary>Reads "A" or "A..B".</summary>
    public static bool TryParse(string text, out LatencyRange range)
    {
        var bounds = text.Split("..");
        var read = TryParseBound(bounds[0], out var least);
        var most = least;
        read = read && bounds.Length <= 2 && (bounds.Length == 1 || TryParseBound(bounds[1], out most));
        range = read ? new LatencyRange(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most)) : default;
        return read && least <= most;
    }

    /// <summary>Reads "A" or "A..B".</summary>
    /// <exception cref="LabUsageException">It is neither.</exception>
    public static LatencyRange Parse(string text) => TryParse(text, out var range)
        ? range : throw new LabUsageException($"A delay must be A or A..B, not '{text}'.");

    private static bool TryParseBound(string text, out double milliseconds) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out milliseconds)
        && milliseconds <= MaximumMilliseconds;
}
