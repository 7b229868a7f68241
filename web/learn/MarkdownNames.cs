using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Hearsay.Learn;

/// <summary>Anchors of headings.</summary>
internal static class MarkdownNames
{
    /// <summary>The anchor of a heading.</summary>
    public static string GetAttributesId(this HeadingBlock heading) => heading.TryGetAttributes()?.Id ?? "";
}
