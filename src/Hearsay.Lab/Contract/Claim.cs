using System.Globalization;

namespace Hearsay.Lab;

/// <summary>An expectation with its source and tolerance, and what was measured.</summary>
/// <param name="Id">Names it among all claims of the lab.</param>
/// <param name="Source">Where the expectation comes from.</param>
/// <param name="Expected">The value and its tolerance, or the bound, for people.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Holds">Whether it is as expected.</param>
public sealed record Claim(string Id, string Source, string Expected, double Measured, bool Holds)
{
    /// <summary>The tolerance unless a row says otherwise.</summary>
    public const double DefaultTolerance = 0.05;

    /// <summary>The measured value is near a figure, relative to it.</summary>
    public static Claim Near(
        string id, string source, double expected, double measured, double tolerance = DefaultTolerance) => new(
            id, source, $"{Text(expected)} ± {Text(Math.Round(100 * tolerance, 1))} %", measured,
            Math.Abs(measured - expected) <= tolerance * Math.Abs(expected));

    /// <summary>The measured value is near a figure, by an absolute distance.</summary>
    public static Claim Within(string id, string source, double expected, double measured, double distance) => new(
        id, source, $"{Text(expected)} ± {Text(distance)}", measured, Math.Abs(measured - expected) <= distance);

    /// <summary>The measured value is at most a bound.</summary>
    public static Claim AtMost(string id, string source, double bound, double measured) =>
        new(id, source, $"≤ {Text(bound)}", measured, measured <= bound);

    /// <summary>The measured value is at least a bound.</summary>
    public static Claim AtLeast(string id, string source, double bound, double measured) =>
        new(id, source, $"≥ {Text(bound)}", measured, measured >= bound);

    /// <summary>The measured value is between two bounds.</summary>
    public static Claim Between(string id, string source, double least, double most, double measured) => new(
        id, source, $"{Text(least)} … {Text(most)}", measured, measured >= least && measured <= most);

    /// <summary>A number as people read it: four digits behind the point, small ones as 1.2e-05.</summary>
    public static string Text(double value) => Math.Abs(value) switch
    {
        >= 10_000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        > 0 and < 0.001 => value.ToString("0.##e-00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };
}
