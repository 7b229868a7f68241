using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Hearsay.Learn;

/// <summary>One chapter: its markdown as HTML, and its sections for the search.</summary>
internal sealed partial class Chapter
{
    private static readonly MarkdownPipeline s_pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().DisableHtml().Build();

    private Chapter(string name, int number, string title, string html, IReadOnlyList<(string, string, string)> sections) =>
        (Name, Number, Title, Html, Sections) = (name, number, title, html, sections);

    /// <summary>The name of its file, without an extension.</summary>
    public string Name { get; }

    /// <summary>Its number, which orders the chapters.</summary>
    public int Number { get; }

    /// <summary>Its title, without the number.</summary>
    public string Title { get; }

    /// <summary>Its text.</summary>
    public string Html { get; }

    /// <summary>Its sections: anchor, heading, text.</summary>
    public IReadOnlyList<(string Anchor, string Heading, string Text)> Sections { get; }

    /// <summary>Reads a chapter, <c>3-name.md</c>.</summary>
    public static Chapter Read(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var text = File.ReadAllText(file);
        var document = Markdown.Parse(text, s_pipeline);
        var heading = document.OfType<HeadingBlock>().First();
        var title = TextOf(text, heading).TrimStart('#', ' ');
        var number = int.Parse(name.Split('-')[0], CultureInfo.InvariantCulture);
        foreach (var block in document.Descendants<FencedCodeBlock>().Where(static block => block.Info == "scene"))
        {
            block.GetAttributes().AddProperty("data-open", block.Arguments ?? "");
        }

        var html = document.ToHtml(s_pipeline);
        html = SceneBlock().Replace(html, static match => Scene(match.Groups[2].Value.Trim(), match.Groups[1].Value));
        // Long lines scroll, by keyboard as well.
        html = html.Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal);
        html = ChapterLink().Replace(html, "href=\"$1.html$2\"");
        html = PlayCommand().Replace(html, static match =>
            $"{match.Value} <a class=\"try\" href=\"../#{match.Groups[1].Value}\">try it here</a>");
        html = OtherPage().Replace(html, "$2");
        return new Chapter(name, number, LeadingNumber().Replace(title, ""), html, SectionsOf(text, document));
    }

    /// <summary>A scene inside the argument, and a link to it in full.</summary>
    /// <param name="link">The scene.</param>
    /// <param name="open">What is open under it, which the page reads as the name of its frame.</param>
    private static string Scene(string link, string open) =>
        $"<figure class=\"scene\"><iframe src=\"../index.html#{link}\" name=\"{open}\" loading=\"lazy\" "
        + "title=\"The playground\"></iframe>"
        + $"<figcaption><a href=\"../#{link}\">Open it in full, with all tools and lenses</a></figcaption></figure>";

    private static List<(string, string, string)> SectionsOf(string text, MarkdownDocument document)
    {
        var sections = new List<(string, string, string)>();
        var (anchor, title, words) = ("", "", new StringBuilder());
        foreach (var block in document)
        {
            if (block is HeadingBlock heading)
            {
                sections.Add((anchor, title, words.ToString()));
                (anchor, title) = (heading.GetAttributesId(), TextOf(text, heading).TrimStart('#', ' '));
                words.Clear();
            }
            else
            {
                words.Append(TextOf(text, block)).Append(' ');
            }
        }

        sections.Add((anchor, title, words.ToString()));
        return [.. sections.Where(static section => section.Item2.Length > 0)];
    }

    private static string TextOf(string text, Block block) =>
        text[block.Span.Start..Math.Min(text.Length, block.Span.End + 1)];

    [GeneratedRegex(
        "<pre><code class=\"language-scene\" data-open=\"([a-z ]*)\">(.*?)</code></pre>", RegexOptions.Singleline)]
    private static partial Regex SceneBlock();

    [GeneratedRegex("href=\"(?:\\./)?([0-9]+-[a-z0-9-]+)\\.md(#[^\"]*)?\"")]
    private static partial Regex ChapterLink();

    [GeneratedRegex("hearsay play '([^']+)'")]
    private static partial Regex PlayCommand();

    /// <summary>Links to pages that are not part of the site lead nowhere in it; their words stay.</summary>
    [GeneratedRegex("<a href=\"(\\.\\./[^\"]+|[^\"#:]+\\.md[^\"]*)\">(.*?)</a>(?<!try it here</a>|lenses</a>)")]
    private static partial Regex OtherPage();

    [GeneratedRegex("^[0-9]+\\. ")]
    private static partial Regex LeadingNumber();
}
