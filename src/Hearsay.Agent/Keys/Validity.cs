using System.Globalization;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Keys;

/// <summary>How long a token is valid, as people write it: a duration, or days such as <c>30d</c>.</summary>
internal static class Validity
{
    private const int MostDays = 3650;

    /// <summary>Reads it.</summary>
    /// <returns>False if it is anything else, negative, or longer than ten years.</returns>
    public static bool TryParse(string text, out TimeSpan validity)
    {
        if (!text.EndsWith('d'))
        {
            return Duration.TryParse(text, out validity);
        }

        var isNumber = double.TryParse(
            text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var days);
        validity = isNumber && days <= MostDays ? TimeSpan.FromDays(days) : default;
        return isNumber && days <= MostDays;
    }
}
