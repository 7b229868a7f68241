using System.CommandLine;
using System.Globalization;

namespace Hearsay.Agent.Shell;

/// <summary>Makes options that say what they allow when they are given something else.</summary>
internal static class CheckedOption
{
    /// <summary>Reads the text of an option.</summary>
    /// <returns>False if it is not allowed.</returns>
    public delegate bool TryParse<T>(string text, out T value);

    /// <summary>An option with one value; null if it was not given.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="help">What it means.</param>
    /// <param name="allowed">The allowed range, to follow "must be".</param>
    /// <param name="parse">Reads it.</param>
    public static Option<T?> Create<T>(string name, string help, string allowed, TryParse<T> parse)
        where T : struct => new(name)
        {
            Description = HelpColumn.DescriptionOf(help, allowed),
            Arity = ArgumentArity.ExactlyOne,
            HelpName = HelpColumn.NameOf(allowed),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (parse(text, out var value))
                {
                    return value;
                }

                result.AddError($"{name} must be {allowed}, not '{text}'.");
                return null;
            },
        };

    /// <summary>A whole number.</summary>
    public static Option<int?> Integer(string name, string help, int least, int most) =>
        Create<int>(name, help, $"from {least:N0} to {most:N0}", (string text, out int value) =>
            int.TryParse(text, out value) && value >= least && value <= most);

    /// <summary>A finite number.</summary>
    public static Option<double?> Number(string name, string help) =>
        Create<double>(name, help, "a number", (string text, out double value) => double.TryParse(
            text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value));

    /// <summary>One of the names of an enum, in any case.</summary>
    public static Option<T?> Name<T>(string name, string help)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return Create<T>(name, help, string.Join('|', names).ToLowerInvariant(), (string text, out T value) =>
        {
            text = text.Replace("-", "", StringComparison.Ordinal);
            return Enum.TryParse(text, ignoreCase: true, out value)
                && names.Contains(text, StringComparer.OrdinalIgnoreCase);
        });
    }
}
