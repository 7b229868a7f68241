using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Protocols.Sampling;

namespace Hearsay.Lab;

/// <summary>An option of an experiment: its name, what it means, what it allows and what it is by default.</summary>
public sealed class LabOption
{
    private readonly Func<string, object?> _parse;

    private LabOption(string name, string help, string allowed, object? value, Func<string, object?> parse) =>
        (Name, Help, Allowed, Default, _parse) = (name, help, allowed, value, parse);

    /// <summary>With its dashes.</summary>
    public string Name { get; }

    /// <summary>What it means.</summary>
    public string Help { get; }

    /// <summary>The allowed values, to follow "must be".</summary>
    public string Allowed { get; }

    /// <summary>Its value if it is not given; null if that follows from other options.</summary>
    public object? Default { get; }

    /// <summary>Its name in JSON: camel case without dashes.</summary>
    public string Key
    {
        get
        {
            var words = Name.TrimStart('-').Split('-');
            return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        }
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="LabUsageException">It is not allowed.</exception>
    public object Parse(string text) => _parse(text)
        ?? throw new LabUsageException($"{Name} must be {Allowed}, not '{text}'.");

    /// <summary>Whether a value is allowed.</summary>
    internal bool Accepts(string text) => _parse(text) is not null;

    /// <summary>A whole number.</summary>
    public static LabOption Whole(string name, string help, int least, int most, int? value) => new(
        name, help, string.Create(CultureInfo.InvariantCulture, $"from {least:N0} to {most:N0}"), value,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number : null);

    /// <summary>A number.</summary>
    public static LabOption Number(string name, string help, double least, double most, double? value) => new(
        name, help, string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}"), value,
        text => double.TryParse(
            text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null);

    /// <summary>One of some words, in any case.</summary>
    public static LabOption Choice(string name, string help, string? value, params IReadOnlyList<string> words) => new(
        name, help, string.Join('|', words), value,
        text => words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A delay or a range of delays.</summary>
    internal static LabOption Latency(string name, string help, string value = "0") => new(
        name, help, "A or A..B (A at most B), from 0 to 60,000", value,
        text => LatencyRange.TryParse(text, out _) ? text : null);

    /// <summary>An option of peer sampling whose values are whole numbers or words.</summary>
    /// <param name="setting">The option.</param>
    /// <param name="byDefault">What holds if it is not given, as a sentence; null if its value says it.</param>
    /// <param name="value">Its value if it is not given; null if that follows from other options.</param>
    internal static LabOption Of(SamplingSetting setting, string? byDefault, int? value = null)
    {
        var (name, help) = ("--" + setting.Name, $"{setting.Description}. {byDefault}".TrimEnd());
        return setting is SamplingSetting<int> count
            ? Whole(name, help, count.Least, count.Most, value) : Choice(name, help, null, setting.Words);
    }

    /// <summary>Any text; the experiment judges it.</summary>
    public static LabOption Text(string name, string help, string allowed, string? value) =>
        new(name, help, allowed, value, text => text.Length == 0 ? null : text);

    /// <summary>The seed of a run.</summary>
    public static LabOption Seed { get; } = new(
        "--seed", "The same seed and options give the same numbers.", "from 0 to 2^64-1", 1UL,
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null);
}
