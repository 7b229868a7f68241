using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Requests;

/// <summary>The one place where <see cref="RequestOptions"/> are checked.</summary>
internal static class RequestValidation
{
    public static IReadOnlyList<string> Errors(RequestOptions options)
    {
        var errors = new OptionErrors();
        errors.Require(
            options.Timeout >= TimeSpan.FromMilliseconds(100) && options.Timeout <= TimeSpan.FromHours(1),
            $"{nameof(options.Timeout)} must be from 100 ms to 1 h, not {options.Timeout}.");
        errors.Range(nameof(options.MaximumOutstanding), options.MaximumOutstanding, 1, 65_536);
        errors.Range(nameof(options.MaximumConcurrent), options.MaximumConcurrent, 1, 65_536);
        errors.Range(nameof(options.PerSecond), options.PerSecond, 1, 1_000_000);
        return errors.All;
    }
}
