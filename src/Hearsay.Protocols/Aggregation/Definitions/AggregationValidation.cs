namespace Hearsay;

/// <summary>The one place where <see cref="AggregationOptions"/> are checked.</summary>
public static class AggregationValidation
{
    /// <summary>Everything that makes the options unusable, each with the option and its range.</summary>
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

    /// <summary>Throws if there are errors.</summary>
    /// <exception cref="ArgumentException">One message that lists all errors.</exception>
    public static void ThrowIfInvalid(AggregationOptions options)
    {
        var errors = Errors(options);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }
    }
}
