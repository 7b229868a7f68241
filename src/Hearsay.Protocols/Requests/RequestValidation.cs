using System.Globalization;

namespace Hearsay.Protocols.Requests;

/// <summary>The one place where <see cref="RequestOptions"/> are checked.</summary>
internal static class RequestValidation
{
    public static IReadOnlyList<string> Errors(RequestOptions options)
    {
        var errors = new List<string>();
        void Range(int value, int most, string name)
        {
            if (value < 1 || value > most)
            {
                errors.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{name} must be from 1 to {most:N0}, not {value}."));
            }
        }

        if (options.Timeout < TimeSpan.FromMilliseconds(100) || options.Timeout > TimeSpan.FromHours(1))
        {
            errors.Add($"{nameof(options.Timeout)} must be from 100 ms to 1 h, not {options.Timeout}.");
        }

        Range(options.MaximumOutstanding, 65_536, nameof(options.MaximumOutstanding));
        Range(options.MaximumConcurrent, 65_536, nameof(options.MaximumConcurrent));
        Range(options.PerSecond, 1_000_000, nameof(options.PerSecond));
        return errors;
    }
}
