using System.Net;
using System.Text;

namespace Hearsay.Lab;

/// <summary>One HTML page with all figures and claims, self-contained: pictures are inline.</summary>
public static class ReportPage
{
    private const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
        svg { width: 100%; height: auto; border: 1px solid #ddd; margin: .5rem 0 }
        table { border-collapse: collapse; width: 100%; font-size: .85rem } td, th { text-align: left;
        padding: .2rem .6rem; border-bottom: 1px solid #ddd } .no { color: #b00020; font-weight: bold }
        code { background: #f4f4f4; padding: 0 .2rem }
        """;

    /// <summary>The page.</summary>
    public static string Of(IReadOnlyList<ExperimentResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">");
        page.Append("<title>Hearsay: the lab's report</title>");
        page.Append("<style>").Append(Style).Append("</style><h1>The lab's report</h1>");
        page.Append("<p>Every figure was measured by the command above it.</p>");
        page.Append("<h2>Claims</h2>").Append(Table([.. results.SelectMany(result => result.Claims)]));
        foreach (var result in results)
        {
            page.Append("<h2>").Append(Text(result.Experiment)).Append("</h2><p><code>hearsay lab run ")
                .Append(Text(result.Experiment)).Append(Text(Arguments(result))).Append("</code></p>");
            foreach (var figure in result.Figures)
            {
                var svg = FigureRenderer.ToSvg(figure);
                page.Append(svg.AsSpan(Math.Max(0, svg.IndexOf("<svg", StringComparison.Ordinal))));
            }

            page.Append(Table(result.Claims));
        }

        return page.Append("</html>\n").ToString();
    }

    private static string Arguments(ExperimentResult result)
    {
        var text = new StringBuilder();
        foreach (var option in ExperimentRegistry.Find(result.Experiment).Options)
        {
            if (result.Parameters[option.Key] is { } value && !value.Equals(option.Default)
                && option.Name != "--threads")
            {
                text.Append(' ').Append(option.Name).Append(' ').Append(ResultCsv.Text(value));
            }
        }

        return text.ToString();
    }

    private static string Table(IReadOnlyList<Claim> claims)
    {
        if (claims.Count == 0)
        {
            return "";
        }

        var table = new StringBuilder(
            "<table><tr><th>claim<th>source<th>expected<th>measured<th>holds</tr>");
        foreach (var claim in claims)
        {
            table.Append("<tr><td>").Append(Text(claim.Id)).Append("<td>").Append(Text(claim.Source))
                .Append("<td>").Append(Text(claim.Expected)).Append("<td>").Append(Claim.Text(claim.Measured))
                .Append(claim.Holds ? "<td>yes" : "<td class=\"no\">no").Append("</tr>");
        }

        return table.Append("</table>").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
