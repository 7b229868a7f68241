using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling;

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
        var errors = new OptionErrors();
        CheckView(options, errors);
        CheckTimes(options, errors);
        CheckCounts(options, errors);
        return errors.All;
    }

    /// <summary>Throws if the options have errors.</summary>
    /// <param name="options">The options to validate.</param>
    /// <exception cref="ArgumentException">The options are not valid. The message lists all errors.</exception>
    public static void ThrowIfInvalid(PeerSamplingOptions options) =>
        OptionErrors.ThrowIfAny(Errors(options), nameof(options));

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

    private static void CheckView(PeerSamplingOptions options, OptionErrors errors)
    {
        var (c, healing, swap) = (options.ViewSize, options.EffectiveHealing, options.EffectiveSwap);
        errors.Require(Enum.IsDefined(options.Form),
            $"Form must be HalfViews, Newscast or Cyclon, not {options.Form}.");
        errors.Require(Enum.IsDefined(options.Selection),
            $"Selection must be Rand, Tail or Head, not {options.Selection}.");
        errors.Require(Enum.IsDefined(options.Propagation),
            $"Propagation must be PushPull, Push or Pull, not {options.Propagation}.");
        errors.Require(c is >= SamplingLimits.LeastViewSize and <= PeerSamplingOptions.MaximumViewSize && c % 2 == 0,
            $"ViewSize must be even and from {SamplingLimits.LeastViewSize} to {PeerSamplingOptions.MaximumViewSize}, "
            + $"not {c}.");
        // One mistake, one message: S and the sum are judged only where what they are made from is sound.
        var healingIsSound = healing >= 0 && healing <= c / 2;
        var swapIsSound = swap >= 0 && swap <= c / 2;
        errors.Require(healingIsSound,
            $"Healing must be from 0 to ViewSize/2 = {c / 2}, not {healing}.");
        errors.Require(swapIsSound || (!healingIsSound && options.Swap is null),
            $"Swap must be from 0 to ViewSize/2 = {c / 2}, not {swap}.");
        errors.Require(!healingIsSound || !swapIsSound || healing + swap <= c / 2,
            $"Healing + Swap must be at most ViewSize/2 = {c / 2}, not {healing} + {swap} = {healing + swap}.");
        var shuffleFits = options.Form != ExchangeForm.Cyclon || options.ShuffleLength <= c;
        errors.Require(options.ShuffleLength >= SamplingLimits.LeastShuffleLength && shuffleFits,
            $"ShuffleLength must be from {SamplingLimits.LeastShuffleLength} to ViewSize = {c}, "
            + $"not {options.ShuffleLength}.");
    }

    private static void CheckTimes(PeerSamplingOptions options, OptionErrors errors)
    {
        var (cycle, timeout) = (options.CycleTime, options.EffectiveMaximumTimeout);
        errors.Require(cycle >= SamplingLimits.ShortestCycle && cycle <= SamplingLimits.LongestCycle,
            $"CycleTime must be from 10 ms to 1 h, not {cycle}.");
        errors.Require(options.Jitter is >= 0 and <= SamplingLimits.MostJitter,
            $"Jitter must be from 0 to 0.5, not {options.Jitter}.");
        errors.Require(timeout > TimeSpan.Zero && timeout < cycle,
            $"MaximumTimeout must be above zero and below CycleTime = {cycle}, not {timeout}.");
        errors.Require(options.MinimumTimeout >= SamplingLimits.ShortestTimeout,
            $"MinimumTimeout must be at least 1 ms, not {options.MinimumTimeout}.");
    }

    private static void CheckCounts(PeerSamplingOptions options, OptionErrors errors)
    {
        var c = options.ViewSize;
        var least = (4 * c) + 64;
        errors.Require(options.Fanout >= 1 && options.Fanout <= c,
            $"Fanout must be from 1 to ViewSize = {c}, not {options.Fanout}.");
        errors.Require(options.TriesPerCycle is >= 1 and <= PeerSamplingOptions.MaximumTries,
            $"TriesPerCycle must be from 1 to {PeerSamplingOptions.MaximumTries}, not {options.TriesPerCycle}.");
        errors.Require(options.QuarantineAfter is >= 1 and <= SamplingLimits.MostQuarantineAfter,
            $"QuarantineAfter must be from 1 to 16, not {options.QuarantineAfter}.");
        errors.Require(options.QuarantineCycles is >= 1 and <= SamplingLimits.MostQuarantineCycles,
            $"QuarantineCycles must be from 1 to 10,000, not {options.QuarantineCycles}.");
        errors.Require(options.RecontactCycles is >= 1 and <= SamplingLimits.MostRecontactCycles,
            $"RecontactCycles must be from 1 to 100,000, not {options.RecontactCycles}.");
        var capacity = options.EffectiveTableCapacity;
        errors.Require(capacity >= least && capacity <= SamplingLimits.MostTableCapacity,
            $"TableCapacity must be from 4 x ViewSize + 64 = {least} to 65,535, not {capacity}.");
    }
}
