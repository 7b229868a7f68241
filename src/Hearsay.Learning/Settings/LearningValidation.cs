using Hearsay.Protocols.Core;

namespace Hearsay.Learning.Settings;

/// <summary>What is allowed in <see cref="LearningOptions"/>.</summary>
internal static class LearningValidation
{
    public static IReadOnlyList<string> Errors(LearningOptions options)
    {
        var errors = new OptionErrors();
        errors.Range(nameof(options.Period), options.Period, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        errors.Range(nameof(options.Lambda), options.Lambda, 0.0, 1e6);
        errors.Require(options.Eta is > 0 and <= 1e9, $"Eta must be above 0 and at most 1e9, not {options.Eta}.");
        errors.Range(nameof(options.BatchSize), options.BatchSize, 1, 4096);
        errors.Range(nameof(options.Epochs), options.Epochs, 1, 1000);
        errors.Range(nameof(options.LimitedAge), options.LimitedAge, 0.0, 1e9);
        errors.Require(
            options.Subsample is > 0 and <= 1, $"Subsample must be above 0 and at most 1, not {options.Subsample}.");
        errors.Range(nameof(options.Partitions), options.Partitions, 1, LearningOptions.MaximumPartitions);
        errors.Require(options.Bits is 32 or 16 or 8, $"Bits must be 32, 16 or 8, not {options.Bits}.");
        errors.Range(nameof(options.Fanout), options.Fanout, 1, 64);
        errors.Range(nameof(options.Pulls), options.Pulls, 2, 64);
        errors.Require(
            options.LeftOut is >= 0 and < 1, $"LeftOut must be from 0 to below 1, not {options.LeftOut}.");
        errors.Range(nameof(options.Channel), options.Channel, 0, LearningOptions.MaximumChannels - 1);
        errors.Require(
            options.TransferBytes is >= 1 << 20 and <= 64L << 30,
            $"TransferBytes must be from 1 MiB to 64 GiB, not {options.TransferBytes}.");
        errors.Range(nameof(options.NumbersPerTurn), options.NumbersPerTurn, 1000, 1_000_000_000);
        Choices(options, errors);
        Tokens(options, errors);
        Combinations(options, errors);
        return errors.All;
    }

    private static void Choices(LearningOptions options, OptionErrors errors)
    {
        Choice(nameof(options.Mode), options.Mode);
        Choice(nameof(options.Step), options.Step);
        Choice(nameof(options.Age), options.Age);
        Choice(nameof(options.Tokens), options.Tokens);
        Choice(nameof(options.Robust), options.Robust);

        void Choice<T>(string name, T value) where T : struct, Enum => errors.Require(
            Enum.IsDefined(value), $"{name} must be one of {string.Join(", ", Enum.GetNames<T>())}, not {value}.");
    }

    private static void Tokens(LearningOptions options, OptionErrors errors)
    {
        errors.Range(nameof(options.TokenCapacity), options.TokenCapacity, 1, 10_000);
        errors.Require(
            options.TokenReserve >= 1 && options.TokenReserve <= options.TokenCapacity,
            $"TokenReserve must be from 1 to TokenCapacity, not {options.TokenReserve}.");
        errors.Require(
            options.TokenPreload >= 0 && options.TokenPreload <= options.TokenCapacity,
            $"TokenPreload must be from 0 to TokenCapacity, not {options.TokenPreload}.");
    }

    private static void Combinations(LearningOptions options, OptionErrors errors)
    {
        var isWhole = options.Partitions == 1 && options.Subsample == 1;
        errors.Require(
            options.Partitions == 1 || options.Subsample == 1, "Partitions and Subsample do not go together.");
        var merges = options.Mode is MergeMode.AgeWeighted or MergeMode.Plain or MergeMode.Limited;
        errors.Require(
            isWhole || merges,
            $"Mode {options.Mode} sends whole models: it goes with neither Partitions nor Subsample.");
        errors.Require(
            isWhole || options.Robust != RobustForm.Nearest,
            "Robust form Nearest compares whole models: it goes with neither Partitions nor Subsample.");
        errors.Require(
            merges || options.Robust != RobustForm.Clip,
            $"Robust form Clip goes with AgeWeighted, Plain and Limited, not with {options.Mode}.");
        errors.Require(
            options.Tokens == TokenPolicy.None
            || (options.Mode != MergeMode.EqualAverage && options.Robust != RobustForm.Nearest),
            "Tokens go neither with EqualAverage nor with the robust form Nearest, which have a rate of their own.");
    }
}
