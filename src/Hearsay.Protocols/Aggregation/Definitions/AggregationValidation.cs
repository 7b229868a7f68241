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
        var errors = new List<string>();
        void Require(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(message);
            }
        }

        void Range(string name, int value, int least, int most) =>
            Require(value >= least && value <= most, $"{name} must be from {least} to {most}, not {value}.");

        var cycle = options.CycleTime;
        Require(cycle >= TimeSpan.FromMilliseconds(10) && cycle <= TimeSpan.FromHours(1),
            $"CycleTime must be from 10 ms to 1 h, not {cycle}.");
        Range("CyclesPerEpoch", options.CyclesPerEpoch, 4, 10_000);
        Range("SettleCycles", options.SettleCycles, 0, Math.Max(0, (options.CyclesPerEpoch - 1) / 2));
        Range("Tries", options.Tries, 1, 100);
        Require(options.MinimumTimeout >= TimeSpan.FromMilliseconds(1) && options.MinimumTimeout <= cycle,
            $"MinimumTimeout must be from 1 ms to CycleTime = {cycle}, not {options.MinimumTimeout}.");
        Range("LeaderCapacity", options.LeaderCapacity, 1, 64);
        Range("Leaders", options.Leaders, 1, Math.Max(1, options.LeaderCapacity));
        Require(options.FirstSizeGuess is null or (>= 1 and <= 1e12),
            $"FirstSizeGuess must be from 1 to 1e12, not {options.FirstSizeGuess}.");
        Range("MaximumEpochJump", options.MaximumEpochJump, 1, 1000);
        Range("MaximumDefinitions", options.MaximumDefinitions, 1, 256);
        Range("ExpiryEpochs", options.ExpiryEpochs, 1, 200);
        var flow = options.FlowUpdating;
        Range("FlowUpdating.Capacity", flow.Capacity, 2, FlowUpdatingOptions.MaximumCapacity);
        Range("FlowUpdating.Neighbours", flow.Neighbours, 1, Math.Max(1, flow.Capacity));
        Range("FlowUpdating.FailureTries", flow.FailureTries, 2, 100);
        Range("FlowUpdating.MixCycles", flow.MixCycles, 4, 100_000);
        Range("FlowUpdating.SettleExchanges", flow.SettleExchanges, 4, 10_000);
        Range("TournamentCycles", options.TournamentCycles, 12, 10_000);
        return errors;
    }

    /// <summary>Throws if the options have errors.</summary>
    /// <param name="options">The options to validate.</param>
    /// <exception cref="ArgumentException">The options are not valid. The message lists all errors.</exception>
    public static void ThrowIfInvalid(AggregationOptions options)
    {
        var errors = Errors(options);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }
    }
}
