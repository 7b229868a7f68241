using Hearsay.Protocols.Core;

namespace Hearsay;

/// <summary>Validates <see cref="NeighbourOptions"/>. Safe on any thread.</summary>
public static class NeighbourValidation
{
    /// <summary>
    /// Returns every error that makes the options unusable. Each message names the option and its range.
    /// </summary>
    /// <param name="options">The options to validate.</param>
    /// <returns>The errors; empty if the options are valid.</returns>
    public static IReadOnlyList<string> Errors(NeighbourOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new OptionErrors();
        const int walk = NeighbourOptions.MaximumWalk;
        const int shuffle = NeighbourOptions.MaximumShuffle;
        errors.Range(nameof(options.ActiveSize), options.ActiveSize, 2, NeighbourOptions.MaximumActiveSize);
        errors.Range(nameof(options.PassiveSize), options.PassiveSize, 1, NeighbourOptions.MaximumPassiveSize);
        errors.Range(nameof(options.JoinWalk), options.JoinWalk, 1, walk);
        errors.Range(nameof(options.PassiveWalk), options.PassiveWalk, 0, Math.Clamp(options.JoinWalk, 1, walk));
        errors.Range(nameof(options.ShuffleWalk), options.ShuffleWalk, 1, walk);
        errors.Range(nameof(options.ShuffleActive), options.ShuffleActive, 0, shuffle);
        errors.Range(nameof(options.ShufflePassive), options.ShufflePassive, 0, shuffle);
        errors.Range(nameof(options.SampledPerShuffle), options.SampledPerShuffle, 0, shuffle);
        errors.Range(nameof(options.ProbeTries), options.ProbeTries, 1, 8);
        errors.Range(nameof(options.RequestTries), options.RequestTries, 1, 8);
        CheckTimes(options, errors);
        return errors.All;
    }

    /// <summary>Throws if the options have errors.</summary>
    /// <param name="options">The options to validate.</param>
    /// <exception cref="ArgumentException">The options are not valid. The message lists all errors.</exception>
    public static void ThrowIfInvalid(NeighbourOptions options) =>
        OptionErrors.ThrowIfAny(Errors(options), nameof(options));

    private static void CheckTimes(NeighbourOptions options, OptionErrors errors)
    {
        var (millisecond, minute) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        errors.Range(nameof(options.ShufflePeriod), options.ShufflePeriod, 100 * millisecond, 60 * minute);
        errors.Range(nameof(options.HeartbeatPeriod), options.HeartbeatPeriod, 50 * millisecond, minute);
        errors.Range(nameof(options.RefillPeriod), options.RefillPeriod, 50 * millisecond, minute);
        errors.Range(nameof(options.MixPeriod), options.MixPeriod, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        errors.Range(nameof(options.MaximumTimeout), options.MaximumTimeout, millisecond, minute);
        errors.Range(nameof(options.MinimumTimeout), options.MinimumTimeout, millisecond, options.MaximumTimeout);
        errors.Range(nameof(options.SuspectAfter), options.SuspectAfter, millisecond, options.HeartbeatPeriod);
    }
}
