using System.Globalization;

namespace Hearsay.Protocols.Rumors;

/// <summary>The one place where <see cref="RumorOptions"/> are checked.</summary>
internal static class RumorValidation
{
    public static IReadOnlyList<string> Errors(RumorOptions options)
    {
        var errors = new List<string>();
        void Check(bool holds, string name, string allowed, object value)
        {
            if (!holds)
            {
                errors.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{name} must be {allowed}, not {value}."));
            }
        }

        void Range(int value, int least, int most, string name) => Check(
            value >= least && value <= most, name,
            string.Create(CultureInfo.InvariantCulture, $"from {least:N0} to {most:N0}"), value);

        Check(Enum.IsDefined(options.Mode), nameof(options.Mode), "one of its names", options.Mode);
        Check(Enum.IsDefined(options.Interest), nameof(options.Interest), "one of its names", options.Interest);
        Range(options.K, 1, RumorOptions.LargestK, nameof(options.K));
        Range(options.Fanout, 1, 64, nameof(options.Fanout));
        Range(options.ConnectionLimit, 0, 1_000, nameof(options.ConnectionLimit));
        Range(options.HuntLimit, 0, 16, nameof(options.HuntLimit));
        Range(options.PushCycles, 1, 64, nameof(options.PushCycles));
        Range(options.MaximumAgeCycles, 2, 10_000, nameof(options.MaximumAgeCycles));
        Range(options.DatagramsPerContact, 1, 16, nameof(options.DatagramsPerContact));
        Range(options.NewPerCycle, 1, 10_000, nameof(options.NewPerCycle));
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
        return errors;
    }

    /// <exception cref="ArgumentException">One message that lists all errors.</exception>
    public static void ThrowIfInvalid(RumorOptions options)
    {
        var errors = Errors(options);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }
    }
}
