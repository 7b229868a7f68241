namespace Hearsay;

/// <summary>
/// Validates <see cref="PeerSamplingOptions"/>. An impossible choice is an error. A choice that the literature or
/// Hearsay's own figures call unsafe is a warning, with the reason. Safe on any thread.
/// </summary>
public static class PeerSamplingValidation
{
    /// <summary>
    /// Returns every error that makes the options unusable. Each message names the option and its range.
    /// </summary>
    /// <param name="options">The options to validate.</param>
    /// <returns>The errors; empty if the options are valid.</returns>
    public static IReadOnlyList<string> Errors(PeerSamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        CheckView(options, errors);
        CheckTimes(options, errors);
        CheckCounts(options, errors);
        return errors;
    }

    /// <summary>Throws if the options have errors.</summary>
    /// <param name="options">The options to validate.</param>
    /// <exception cref="ArgumentException">The options are not valid. The message lists all errors.</exception>
    public static void ThrowIfInvalid(PeerSamplingOptions options)
    {
        var errors = Errors(options);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }
    }

    /// <summary>
    /// Returns a warning for every choice that works but has a cost, with the reason. A node logs each of them once
    /// when it starts.
    /// </summary>
    /// <param name="options">The options to examine.</param>
    /// <returns>The warnings; empty if there are none.</returns>
    public static IReadOnlyList<string> Warnings(PeerSamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var warnings = new List<string>();
        void Warn(bool unsafeChoice, string reason)
        {
            if (unsafeChoice)
            {
                warnings.Add(reason);
            }
        }

        var half = options.Form == ExchangeForm.HalfViews;
        Warn(half && options.Propagation == Propagation.Pull,
            "Propagation pull: a node never inserts itself, and the overlay collapses to a star "
            + "(in-degree of thousands at N = 10,000).");
        Warn(half && options.Propagation == Propagation.Push,
            "Propagation push: in a growing network the first nodes stay hubs, and the overlay can partition. "
            + "Pushpull avoids both.");
        Warn(half && options.Selection == PeerSelection.Tail && !options.EvictOnTimeout,
            "Selection tail without eviction: the node contacts its oldest entry again and again, "
            + "and if that is dead, the node stalls for ever.");
        Warn(half && options.Selection == PeerSelection.Head,
            "Selection head: the node tends to choose its last partner again, and views become correlated.");
        var ignored = options.Propagation != Propagation.PushPull || options.Healing is > 0 || options.Swap is > 0
            || (options.Form == ExchangeForm.Newscast && options.Selection != PeerSelection.Rand)
            || (options.Form == ExchangeForm.Cyclon && options.Selection != PeerSelection.Tail);
        Warn(!half && ignored,
            $"{options.Form} has its own rules: Selection, Propagation, Healing and Swap have no effect.");
        Warn(options.ViewSize < 12,
            $"ViewSize {options.ViewSize}: views below 12 lose nodes (at c = 10 with H = S = 5, "
            + "14 of 10,000 were cut off); 20 or more is safe.");
        Warn(half && options.ViewSize / 2 == options.EffectiveHealing && options.Swap is > 0,
            "Healing = ViewSize/2 leaves nothing to swap, so Swap has no effect.");
        Warn(!options.EvictOnTimeout && half && options.EffectiveHealing == 0,
            "No eviction and Healing 0: dead links decay by only 1 to 2 % per cycle.");
        return warnings;
    }

    private static void CheckView(PeerSamplingOptions options, List<string> errors)
    {
        var (c, healing, swap) = (options.ViewSize, options.EffectiveHealing, options.EffectiveSwap);
        Require(Enum.IsDefined(options.Form), errors,
            $"Form must be HalfViews, Newscast or Cyclon, not {options.Form}.");
        Require(Enum.IsDefined(options.Selection), errors,
            $"Selection must be Rand, Tail or Head, not {options.Selection}.");
        Require(Enum.IsDefined(options.Propagation), errors,
            $"Propagation must be PushPull, Push or Pull, not {options.Propagation}.");
        Require(c is >= 4 and <= PeerSamplingOptions.MaximumViewSize && c % 2 == 0, errors,
            $"ViewSize must be even and from 4 to {PeerSamplingOptions.MaximumViewSize}, not {c}.");
        // One mistake, one message: S and the sum are judged only where what they are made from is sound.
        var healingIsSound = healing >= 0 && healing <= c / 2;
        var swapIsSound = swap >= 0 && swap <= c / 2;
        Require(healingIsSound, errors, $"Healing must be from 0 to ViewSize/2 = {c / 2}, not {healing}.");
        Require(swapIsSound || (!healingIsSound && options.Swap is null), errors,
            $"Swap must be from 0 to ViewSize/2 = {c / 2}, not {swap}.");
        Require(!healingIsSound || !swapIsSound || healing + swap <= c / 2, errors,
            $"Healing + Swap must be at most ViewSize/2 = {c / 2}, not {healing} + {swap} = {healing + swap}.");
        var shuffleFits = options.Form != ExchangeForm.Cyclon || options.ShuffleLength <= c;
        Require(options.ShuffleLength >= 2 && shuffleFits, errors,
            $"ShuffleLength must be from 2 to ViewSize = {c}, not {options.ShuffleLength}.");
    }

    private static void CheckTimes(PeerSamplingOptions options, List<string> errors)
    {
        var (cycle, timeout) = (options.CycleTime, options.EffectiveMaximumTimeout);
        Require(cycle >= TimeSpan.FromMilliseconds(10) && cycle <= TimeSpan.FromHours(1), errors,
            $"CycleTime must be from 10 ms to 1 h, not {cycle}.");
        Require(options.Jitter is >= 0 and <= 0.5, errors, $"Jitter must be from 0 to 0.5, not {options.Jitter}.");
        Require(timeout > TimeSpan.Zero && timeout < cycle, errors,
            $"MaximumTimeout must be above zero and below CycleTime = {cycle}, not {timeout}.");
        Require(options.MinimumTimeout >= TimeSpan.FromMilliseconds(1), errors,
            $"MinimumTimeout must be at least 1 ms, not {options.MinimumTimeout}.");
    }

    private static void CheckCounts(PeerSamplingOptions options, List<string> errors)
    {
        var c = options.ViewSize;
        var least = (4 * c) + 64;
        Require(options.Fanout >= 1 && options.Fanout <= c, errors,
            $"Fanout must be from 1 to ViewSize = {c}, not {options.Fanout}.");
        Require(options.TriesPerCycle is >= 1 and <= PeerSamplingOptions.MaximumTries, errors,
            $"TriesPerCycle must be from 1 to {PeerSamplingOptions.MaximumTries}, not {options.TriesPerCycle}.");
        Require(options.QuarantineAfter is >= 1 and <= 16, errors,
            $"QuarantineAfter must be from 1 to 16, not {options.QuarantineAfter}.");
        Require(options.QuarantineCycles is >= 1 and <= 10_000, errors,
            $"QuarantineCycles must be from 1 to 10,000, not {options.QuarantineCycles}.");
        Require(options.RecontactCycles is >= 1 and <= 100_000, errors,
            $"RecontactCycles must be from 1 to 100,000, not {options.RecontactCycles}.");
        Require(options.EffectiveTableCapacity >= least && options.EffectiveTableCapacity <= ushort.MaxValue, errors,
            $"TableCapacity must be from 4 x ViewSize + 64 = {least} to 65,535, not {options.EffectiveTableCapacity}.");
    }

    private static void Require(bool holds, List<string> errors, string message)
    {
        if (!holds)
        {
            errors.Add(message);
        }
    }
}
