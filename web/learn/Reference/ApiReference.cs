using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hearsay.Learn.Reference;

/// <summary>A page for each public type of the libraries, an index, and what the search needs.</summary>
internal sealed partial class ApiReference
{
    private static readonly (string Name, string About)[] s_libraries =
    [
        ("Hearsay", "The node: peers, topics, aggregates, rumors, requests and maps."),
        ("Hearsay.Protocols", "What a protocol is made of, and the options, values and results of those that ship."),
        ("Hearsay.Learning", "Models that all nodes train together."),
        ("Hearsay.Hosting", "Nodes in the generic host."),
        ("Hearsay.AspNetCore", "The HTTP service."),
        ("Hearsay.Storage.Sqlite", "Maps in an SQLite file."),
        ("Hearsay.Simulation", "Networks in virtual time, faults, metrics and traces."),
    ];

    private readonly XmlDocs _docs = new();
    private readonly ApiHtml _html;
    private readonly List<(string Library, string About, List<Type> Types)> _libraries = [];
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);

    private ApiReference()
    {
        foreach (var (name, about) in s_libraries)
        {
            var assembly = Assembly.Load(name);
            _docs.Add(assembly);
            _libraries.Add((name, about, [.. assembly.GetExportedTypes()
                .OrderBy(static type => CSharpText.Name(type), StringComparer.OrdinalIgnoreCase)]));
        }

        foreach (var type in _libraries.SelectMany(static library => library.Types))
        {
            _addresses[DocId.Of(type)] = FileOf(type);
            foreach (var member in ApiType.MembersOf(type))
            {
                _addresses[DocId.Of(member)] = $"{FileOf(type)}#{ApiType.AnchorOf(member)}";
            }
        }

        _html = new ApiHtml(_addresses.GetValueOrDefault);
    }

    /// <summary>Writes the reference into a folder.</summary>
    /// <returns>How many types it has.</returns>
    public static int Render(string target)
    {
        Directory.CreateDirectory(target);
        var reference = new ApiReference();
        var found = new List<string[]>();
        foreach (var (library, _, types) in reference._libraries)
        {
            foreach (var type in types)
            {
                var page = new ApiType(type, reference._docs, reference._html);
                File.WriteAllText(Path.Combine(target, FileOf(type)), Layout.Page(
                    "../../", CSharpText.Name(type), reference.Navigation(library), page.Render()));
                found.Add([$"api/{FileOf(type)}", "API", CSharpText.Name(type), Plain(page.Summary)]);
                found.AddRange(page.Members.Select(member => new[]
                {
                    $"api/{FileOf(type)}#{ApiType.AnchorOf(member)}", "API",
                    $"{CSharpText.Name(type)}.{ApiType.TitleOf(member)}", Plain(page.SummaryOf(member)),
                }));
            }
        }

        File.WriteAllText(Path.Combine(target, "index.html"), Layout.Page(
            "../../", "API reference", reference.Navigation(null), reference.Index()));
        File.WriteAllText(Path.Combine(target, "search.json"), JsonSerializer.Serialize(found));
        return reference._libraries.Sum(static library => library.Types.Count);
    }

    private static string FileOf(Type type) =>
        type.FullName!.Replace('+', '.').Replace('`', '-') + ".html";

    private static string Plain(string html) => System.Net.WebUtility.HtmlDecode(Tags().Replace(html, ""));

    private string Navigation(string? open)
    {
        var list = string.Concat(_libraries.Select(library => $"<li><a href=\"index.html#{library.Library}\""
            + $"{(library.Library == open ? " aria-current=\"true\"" : "")}>{library.Library}</a></li>"));
        return $"<nav aria-label=\"Libraries\"><ul class=\"libraries\">{list}</ul></nav>";
    }

    private string Index()
    {
        var html = new StringBuilder("<h1>API reference</h1><p>Every public type of the libraries, made of what their "
            + "sources say. The chapters explain the ideas; this is to look things up.</p>");
        foreach (var (library, about, types) in _libraries)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<h2 id=\"{library}\">{library}</h2><p>{ApiHtml.Encode(about)}</p><dl class=\"types\">");
            foreach (var type in types)
            {
                var summary = _html.Of(_docs.Of(type)?.Element("summary"));
                html.Append(CultureInfo.InvariantCulture, $"<dt><a href=\"{FileOf(type)}\"><code>"
                    + $"{ApiHtml.Encode(CSharpText.Name(type))}</code></a></dt><dd>{FirstSentence(summary)}</dd>");
            }

            html.Append("</dl>");
        }

        return html.ToString();
    }

    /// <summary>Up to the first full stop outside of an element.</summary>
    private static string FirstSentence(string html)
    {
        var depth = 0;
        for (var i = 0; i < html.Length; i++)
        {
            if (html[i] == '<')
            {
                depth += html.AsSpan(i).StartsWith("</") ? -1 : html.AsSpan(i).StartsWith("<br") ? 0 : 1;
                i = html.IndexOf('>', i);
            }
            else if (html[i] == '.' && depth == 0 && (i + 1 == html.Length || char.IsWhiteSpace(html[i + 1])))
            {
                return html[..(i + 1)];
            }
        }

        return html;
    }

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();
}
