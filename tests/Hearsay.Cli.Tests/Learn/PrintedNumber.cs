using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hearsay.Cli.Tests.Learn;

/// <summary>A number in the text of a chapter, and where the command prints it.</summary>
/// <param name="Chapter">The chapter.</param>
/// <param name="Quote">The words around the number, which stands between « and ».</param>
/// <param name="Expression">What it is, in terms of the object that the command prints with <c>--json</c>.</param>
/// <param name="Rule">
/// How near it must be. Empty: the number printed, rounded to the digits that the text has. <c>± 2</c>: within so much.
/// <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c>: what is printed is on that side of the number in the text.
/// A number in front of these stands for words: <c>«a quarter» :: ... :: 0.25 ± 0.02</c>.
/// </param>
internal sealed partial record PrintedNumber(string Chapter, string Quote, string Expression, string Rule)
{
    /// <summary>The quote as it stands in the chapter.</summary>
    public string Text => Quote.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);

    /// <summary>Where in the quote the number begins.</summary>
    public int Place => Quote.IndexOf('«', StringComparison.Ordinal);

    /// <summary>The number, as it is written.</summary>
    public string Written => Quote[(Place + 1)..Quote.IndexOf('»', StringComparison.Ordinal)];

    /// <summary>Says what differs between the text and what was printed; null if nothing does.</summary>
    public string? Compare(JsonElement printed)
    {
        var rule = RulePattern().Match(Rule);
        if (!rule.Success)
        {
            return $"{Chapter}: '{Rule}' is no rule.";
        }

        var written = rule.Groups["value"].Success ? rule.Groups["value"].Value : Plain(Written);
        if (!double.TryParse(written, CultureInfo.InvariantCulture, out var expected))
        {
            return $"{Chapter}: '{Written}' is no number, and its rule has none.";
        }

        var value = PrintedValue.Of(printed, Expression);
        var holds = rule.Groups["side"].Value switch
        {
            "<" => value < expected,
            "<=" => value <= expected,
            ">" => value > expected,
            ">=" => value >= expected,
            _ => Math.Abs(value - expected) <= (rule.Groups["within"].Success
                ? double.Parse(rule.Groups["within"].Value, CultureInfo.InvariantCulture)
                : HalfDigit(written)) * (1 + 1e-6),
        };
        return holds ? null : string.Create(CultureInfo.InvariantCulture,
            $"{Chapter}: the text says \"{Quote}\", and {Expression} is {value} (rule: '{Rule}').");
    }

    /// <summary>Half of the last digit of a number.</summary>
    private static double HalfDigit(string number)
    {
        var point = number.IndexOf('.', StringComparison.Ordinal);
        return 0.5 * Math.Pow(10, point < 0 ? 0 : point + 1 - number.Length);
    }

    private static string Plain(string number) =>
        number.Replace(",", "", StringComparison.Ordinal).Replace('−', '-');

    [GeneratedRegex("^(?<value>-?[0-9.]+(e-?[0-9]+)?)? ?(± ?(?<within>[0-9.]+(e-?[0-9]+)?)|(?<side>[<>]=?))?$")]
    private static partial Regex RulePattern();
}
