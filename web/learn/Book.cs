using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Hearsay.Learn;

/// <summary>All chapters as pages, with an index and a search.</summary>
internal static class Book
{
    /// <summary>Renders the chapters of a folder.</summary>
    /// <returns>How many there are.</returns>
    public static int Render(string folder, string target)
    {
        var chapters = Directory.EnumerateFiles(folder, "*.md").Select(Chapter.Read)
            .OrderBy(static chapter => chapter.Number).ToList();
        Directory.CreateDirectory(target);
        for (var i = 0; i < chapters.Count; i++)
        {
            var (before, after) = (chapters.ElementAtOrDefault(i - 1), chapters.ElementAtOrDefault(i + 1));
            Write(target, chapters[i].Name + ".html",
                Page(chapters, chapters[i], chapters[i].Title, chapters[i].Html + Steps(before, after)));
        }

        Write(target, "index.html", Page(chapters, null, "Learn gossip", Contents(chapters)));
        Write(target, "search.json", Search(chapters));
        var pictures = Path.Combine(folder, "pictures");
        foreach (var picture in Directory.Exists(pictures) ? Directory.GetFiles(pictures) : [])
        {
            Directory.CreateDirectory(Path.Combine(target, "pictures"));
            File.Copy(picture, Path.Combine(target, "pictures", Path.GetFileName(picture)), overwrite: true);
        }

        return chapters.Count;
    }

    private static void Write(string target, string file, string text) =>
        File.WriteAllText(Path.Combine(target, file), text);

    private static string Contents(List<Chapter> chapters)
    {
        var html = new StringBuilder("<h1>Learn gossip</h1><p>How very many computers find each other, spread news and "
            + "agree on numbers, with nobody in charge. Each chapter begins with a question and has something to run; "
            + "the scenes in it are the real protocols, running in this page.</p><ol class=\"contents\">");
        foreach (var chapter in chapters)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<li value=\"{chapter.Number}\"><a href=\"{chapter.Name}.html\">{Encode(chapter.Title)}</a></li>");
        }

        return html.Append("</ol><p><a href=\"api/index.html\">The API reference</a> has every public type and "
            + "member.</p>").ToString();
    }

    private static string Steps(Chapter? before, Chapter? after) =>
        "<nav class=\"steps\" aria-label=\"Chapters before and after\">" + Step(before, "←", "") + Step(after, "", "→")
        + "</nav>";

    private static string Step(Chapter? chapter, string left, string right) => chapter is null
        ? "<span></span>" : $"<a href=\"{chapter.Name}.html\">{left} {Encode(chapter.Title)} {right}</a>";

    private static string Page(List<Chapter> chapters, Chapter? open, string title, string body)
    {
        var list = string.Concat(chapters.Select(chapter =>
            $"<li value=\"{chapter.Number}\"><a href=\"{chapter.Name}.html\""
            + $"{(chapter == open ? " aria-current=\"page\"" : "")}>{Encode(chapter.Title)}</a></li>"));
        return Layout.Page("../", title, $"<nav aria-label=\"Chapters\"><ol>{list}</ol></nav>", body);
    }

    private static string Search(List<Chapter> chapters) => JsonSerializer.Serialize(chapters.SelectMany(chapter =>
        chapter.Sections.Select(section => new[]
        {
            $"{chapter.Name}.html#{section.Anchor}", chapter.Title, section.Heading, section.Text,
        })));

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
