using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Hearsay.AspNetCore.Metrics;

/// <summary>The text format of Prometheus, version 0.0.4.</summary>
internal static class MetricText
{
    /// <summary>The media type.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>
    /// The name of an instrument: underscores for dots, its unit, and <c>_total</c> for what only grows.
    /// </summary>
    public static string NameOf(Instrument instrument)
    {
        var name = new StringBuilder(instrument.Name.Length + 16);
        foreach (var letter in instrument.Name)
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }

        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => string.Empty,
        };
        if (unit.Length > 0 && !name.ToString().EndsWith(unit, StringComparison.Ordinal)
            && !instrument.Name.Split('.').Contains(unit[1..]))
        {
            name.Append(unit);
        }

        return IsCounter(instrument) ? name.Append("_total").ToString() : name.ToString();
    }

    /// <summary>The lines before the samples of an instrument.</summary>
    public static void AppendHead(StringBuilder text, string name, Instrument instrument)
    {
        text.Append("# HELP ").Append(name).Append(' ')
            .Append(instrument.Description?.Replace("\\", @"\\", StringComparison.Ordinal)
                .Replace("\n", @"\n", StringComparison.Ordinal))
            .Append('\n');
        text.Append("# TYPE ").Append(name).Append(TypeOf(instrument));
    }

    /// <summary>A sample.</summary>
    public static void AppendSample(
        StringBuilder text, string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        text.Append(name);
        for (var i = 0; i < tags.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(LabelOf(tags[i].Key)).Append("=\"");
            AppendEscaped(text, tags[i].Value?.ToString() ?? string.Empty);
            text.Append('"');
        }

        text.Append(tags.Length > 0 ? "} " : " ").Append(NumberOf(value)).Append('\n');
    }

    private static string TypeOf(Instrument instrument) =>
        instrument is Histogram<double> ? " histogram\n" : IsCounter(instrument) ? " counter\n" : " gauge\n";

    private static bool IsCounter(Instrument instrument) => instrument is ObservableCounter<long>
        or ObservableCounter<double> or ObservableCounter<int>;

    private static string NumberOf(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string LabelOf(string key) => string.Concat(
        key.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(letter),
            };
        }
    }
}
