using System.Globalization;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Rumors;

/// <summary>The one place where <see cref="RumorOptions"/> are checked.</summary>
internal static class RumorValidation
{
    public static IReadOnlyList<string> Errors(RumorOptions options)
    {
        var errors = new OptionErrors();
        void Check(bool holds, string name, string allowed, object value) => errors.Require(
            holds, string.Create(CultureInfo.InvariantCulture, $"{name} must be {allowed}, not {value}."));

        Check(Enum.IsDefined(options.Mode), nameof(options.Mode), "one of its names", options.Mode);
        Check(Enum.IsDefined(options.Interest), nameof(options.Interest), "one of its names", options.Interest);
        errors.Range(nameof(options.K), options.K, 1, RumorOptions.LargestK);
        errors.Range(nameof(options.Fanout), options.Fanout, 1, 64);
        errors.Range(nameof(options.ConnectionLimit), options.ConnectionLimit, 0, 1_000);
        errors.Range(nameof(options.HuntLimit), options.HuntLimit, 0, 16);
        errors.Range(nameof(options.PushCycles), options.PushCycles, 1, 64);
        errors.Range(nameof(options.MaximumAgeCycles), options.MaximumAgeCycles, 2, 10_000);
        errors.Range(nameof(options.DatagramsPerContact), options.DatagramsPerContact, 1, 16);
        errors.Range(nameof(options.NewPerCycle), options.NewPerCycle, 1, 10_000);
        Check(
            options.CycleTime >= TimeSpan.FromMilliseconds(10) && options.CycleTime <= TimeSpan.FromHours(1),
            nameof(options.CycleTime), "from 10 ms to 1 h", options.CycleTime);
        var rushed = (long)options.NewPerCycle * options.MaximumAgeCycles;
        Check(
            options.MemoryCapacity >= rushed && options.MemoryCapacity <= 1_000_000, nameof(options.MemoryCapacity),
            "from NewPerCycle times MaximumAgeCycles to 1,000,000", options.MemoryCapacity);
        Check(
            options.LiveCapacity >= 1 && options.LiveCapacity <= options.MemoryCapacity,
            nameof(options.LiveCapacity), "from 1 to MemoryCapacity", options.LiveCapacity);
        Check(
            options.MemoryTime.Ticks / (double)Math.Max(1, options.CycleTime.Ticks) >= options.MaximumAgeCycles,
            nameof(options.MemoryTime), "at least MaximumAgeCycles cycles", options.MemoryTime);
        return errors.All;
    }

    /// <exception cref="ArgumentException">One message that lists all errors.</exception>
    public static void ThrowIfInvalid(RumorOptions options) =>
        OptionErrors.ThrowIfAny(Errors(options), nameof(options));
}
