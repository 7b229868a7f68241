using Hearsay.Protocols.Core;

namespace Hearsay;

/// <summary>Validates <see cref="AggregationOptions"/>. Safe on any thread.</summary>
public static class AggregationValidation
{
    /// <summary>
    /// Returns every error that makes the options unusable. Each message names the option and its range.
    /// </summary>
    /// <param name="options">The options to validate.</param>
    /// <returns>The errors; empty if the options are valid.</returns>
    public static IReadOnlyList<string> Errors(AggregationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new OptionErrors();
        var cycle = options.CycleTime;
        errors.Require(cycle >= TimeSpan.FromMilliseconds(10) && cycle <= TimeSpan.FromHours(1),
            $"CycleTime must be from 10 ms to 1 h, not {cycle}.");
        errors.Range("CyclesPerEpoch", options.CyclesPerEpoch, 4, 10_000);
        errors.Range("SettleCycles", options.SettleCycles, 0, Math.Max(0, (options.CyclesPerEpoch - 1) / 2));
        errors.Range("Tries", options.Tries, 1, 100);
        errors.Require(options.MinimumTimeout >= TimeSpan.FromMilliseconds(1) && options.MinimumTimeout <= cycle,
            $"MinimumTimeout must be from 1 ms to CycleTime = {cycle}, not {options.MinimumTimeout}.");
        errors.Range("LeaderCapacity", options.LeaderCapacity, 1, 64);
        errors.Range("Leaders", options.Leaders, 1, Math.Max(1, options.LeaderCapacity));
        errors.Require(options.FirstSizeGuess is null or (>= 1 and <= 1e12),
            $"FirstSizeGuess must be from 1 to 1e12, not {options.FirstSizeGuess}.");
        errors.Range("MaximumEpochJump", options.MaximumEpochJump, 1, 1000);
        errors.Range("MaximumDefinitions", options.MaximumDefinitions, 1, 256);
        errors.Range("ExpiryEpochs", options.ExpiryEpochs, 1, 200);
        var flow = options.FlowUpdating;
        errors.Range("FlowUpdating.Capacity", flow.Capacity, 2, FlowUpdatingOptions.MaximumCapacity);
        errors.Range("FlowUpdating.Neighbours", flow.Neighbours, 1, Math.Max(1, flow.Capacity));
        errors.Range("FlowUpdating.FailureTries", flow.FailureTries, 2, 100);
        errors.Range("FlowUpdating.MixCycles", flow.MixCycles, 4, 100_000);
        errors.Range("FlowUpdating.SettleExchanges", flow.SettleExchanges, 4, 10_000);
        errors.Range("TournamentCycles", options.TournamentCycles, 12, 10_000);
        return errors.All;
    }

    /// <summary>Throws if the options have errors.</summary>
    /// <param name="options">The options to validate.</param>
    /// <exception cref="ArgumentException">The options are not valid. The message lists all errors.</exception>
    public static void ThrowIfInvalid(AggregationOptions options) =>
        OptionErrors.ThrowIfAny(Errors(options), nameof(options));
}
