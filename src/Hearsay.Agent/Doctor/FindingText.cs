using System.Text;
using System.Text.Json;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Doctor;

/// <summary>Findings as lines for people, and as JSON.</summary>
internal static class FindingText
{
    /// <summary>A line for each, below it what to do, and a last line that counts.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Finding> findings)
    {
        var width = findings.Select(static finding => finding.Subject.Length).DefaultIfEmpty().Max();
        foreach (var finding in findings)
        {
            yield return $"{Word(finding),-8} {finding.Subject.PadRight(width)}  {finding.Text}";
            if (finding.Advice is { } advice)
            {
                yield return $"{string.Empty,-8} {string.Empty.PadRight(width)}  -> {advice}";
            }
        }

        var (problems, warnings) = (Count(findings, FindingLevel.Problem), Count(findings, FindingLevel.Warning));
        yield return problems + warnings == 0
            ? "Nothing is wrong."
            : $"{Counted.Of(problems, "problem")}, {Counted.Of(warnings, "warning")}.";
    }

    /// <summary>One array on one line.</summary>
    public static IEnumerable<string> Json(IReadOnlyList<Finding> findings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("level", Word(finding));
                json.WriteString("subject", finding.Subject);
                json.WriteString("text", finding.Text);
                json.WriteString("advice", finding.Advice);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return [Encoding.UTF8.GetString(stream.ToArray())];
    }

    private static int Count(IReadOnlyList<Finding> findings, FindingLevel level) =>
        findings.Count(finding => finding.Level == level);

    private static string Word(Finding finding) => finding.Level switch
    {
        FindingLevel.Ok => "ok",
        FindingLevel.Warning => "warning",
        _ => "problem",
    };
}
