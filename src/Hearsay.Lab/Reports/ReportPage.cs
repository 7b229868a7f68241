using System.Globalization;
using System.Net;
using System.Text;

namespace Hearsay.Lab;

/// <summary>One HTML page with all figures and claims, self-contained: pictures are inline.</summary>
public static class ReportPage
{
    private const string Head = """
        <!doctype html><html lang="en"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Hearsay: the lab's report</title>
        <style>
        :root { color-scheme: light dark; --text: #222; --page: #fff; --line: #ccc; --code: #f0f0f0; --no: #b00020 }
        @media (prefers-color-scheme: dark) {
        :root { --text: #ddd; --page: #1b1b1b; --line: #444; --code: #2a2a2a; --no: #ff7b8a } a { color: #8ab4f8 } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
        color: var(--text); background: var(--page) }
        figure { margin: .8rem 0; overflow-x: auto }
        figure img { display: block; width: 100%; min-width: 40rem; height: auto; background: #fff }
        .table { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .85rem }
        h2 small { font-weight: normal; opacity: .75 }
        td, th { text-align: left; padding: .2rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
        .no { color: var(--no); font-weight: bold } nav { columns: 18rem; font-size: .9rem } nav a { display: block }
        code { background: var(--code); padding: 0 .2rem; overflow-wrap: anywhere }
        </style>
        """;

    private const string SourcesNote = """
        <p>Short names of sources: <em>TOCS 2007</em> is Jelasity, Voulgaris, Guerraoui, Kermarrec, van Steen,
        Gossip-based Peer Sampling, ACM TOCS 25(3); <em>JNSM 2005</em> is Voulgaris, Gavidia, van Steen, Cyclon, JNSM
        13(2). An <em>independent program</em> was written after such a paper and shares no code with this one; a
        <em>bound</em> leaves room for chance. c is the size of a view, H (healing) how many of the oldest entries
        give way in a merge, S (swap) how many of those just sent.</p>
        """;

    /// <summary>The page.</summary>
    public static string Of(IReadOnlyList<VerifiedRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var page = new StringBuilder(Head);
        Claim[] claims = [.. runs.SelectMany(run => run.Result.Claims)];
        Claim[] missed = [.. claims.Where(claim => !claim.Holds)];
        page.Append(CultureInfo.InvariantCulture, $"<h1>The lab's report</h1><p>{claims.Length:N0} claims, ")
            .Append(CultureInfo.InvariantCulture, $"{missed.Length:N0} do not hold. Everything was measured by the ")
            .Append("command above it; the same seed gives the same numbers again.</p>").Append(SourcesNote)
            .Append(Table(missed));
        page.Append("<nav>");
        foreach (var (index, run) in runs.Index())
        {
            page.Append(CultureInfo.InvariantCulture, $"<a href=\"#run-{index}\">").Append(Text(run.Plan.Command))
                .Append("</a>");
        }

        page.Append("</nav>");
        foreach (var (index, run) in runs.Index())
        {
            var result = run.Result;
            page.Append(CultureInfo.InvariantCulture, $"<h2 id=\"run-{index}\">").Append(Heading(run.Plan))
                .Append("</h2><p>");
            if (result.Summary["verdict"] is string verdict)
            {
                page.Append("<strong>Verdict: ").Append(Text(verdict)).Append("</strong>");
            }

            page.Append("</p><p><code>hearsay lab run ").Append(Text(run.Plan.Command)).Append("</code></p>");
            foreach (var figure in result.Figures.Where(IsMoreThanPoints))
            {
                page.Append(Picture(figure));
            }

            page.Append(Table(result.Claims));
        }

        return page.Append("</html>\n").ToString();
    }

    /// <summary>What the experiment is about, and what sets this run of it apart from others.</summary>
    private static string Heading(PlannedRun plan)
    {
        var about = ExperimentRegistry.Find(plan.Experiment).Summary.TrimEnd('.');
        var words = plan.Arguments.Replace('-', ' ');
        return words.Length == 0 ? Text(about) : $"{Text(about)} <small>({Text(words)})</small>";
    }

    /// <summary>A single row is in the table of claims; as a curve of one point it only takes room.</summary>
    private static bool IsMoreThanPoints(Figure figure) => figure is not LineFigure { Categories.Count: 0 } lines
        || lines.Curves.Any(curve => curve.Points.Count > 1);

    /// <summary>An image of its own: the names inside one picture must not meet those inside another.</summary>
    private static string Picture(Figure figure) =>
        $"<figure><img alt=\"{Text(figure.Title)}\" src=\"data:image/svg+xml;base64,"
        + Convert.ToBase64String(Encoding.UTF8.GetBytes(FigureRenderer.ToSvg(figure))) + "\"></figure>";

    private static string Table(IReadOnlyList<Claim> claims)
    {
        if (claims.Count == 0)
        {
            return "";
        }

        var table = new StringBuilder(
            "<div class=\"table\"><table><tr><th>claim<th>source<th>expected<th>measured<th>holds</tr>");
        foreach (var claim in claims)
        {
            table.Append("<tr><td>").Append(Text(claim.Id)).Append("<td>").Append(Text(claim.Source))
                .Append("<td>").Append(Text(claim.Expected)).Append("<td>").Append(Claim.Text(claim.Measured))
                .Append(claim.Holds ? "<td>yes" : "<td class=\"no\">no").Append("</tr>");
        }

        return table.Append("</table></div>").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
