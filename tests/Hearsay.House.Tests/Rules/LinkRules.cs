using System.Text.RegularExpressions;

namespace Hearsay.House.Tests.Rules;

/// <summary>Relative links of Markdown files lead somewhere.</summary>
internal static partial class LinkRules
{
    /// <param name="file">A Markdown file.</param>
    /// <param name="exists">Tells whether a path relative to the root is there.</param>
    public static IEnumerable<Finding> Broken(SourceFile file, Func<string, bool> exists)
    {
        var inFence = false;
        foreach (var (index, line) in file.Lines.Index())
        {
            inFence ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            foreach (Match link in Links().Matches(inFence ? "" : InlineCode().Replace(line, "")))
            {
                var target = link.Groups[1].Value;
                if (!Elsewhere().IsMatch(target) && !exists(Resolve(file.Path, target)))
                {
                    yield return new Finding(file.Path, index + 1, $"the link to '{target}' leads nowhere");
                }
            }
        }
    }

    private static string Resolve(string from, string target)
    {
        var path = Uri.UnescapeDataString(target.Split('#')[0]);
        return path.StartsWith('/') ? path[1..] : Path.Combine(Path.GetDirectoryName(from) ?? "", path);
    }

    [GeneratedRegex(@"\]\(<?([^)>\s]+)>?(?:\s+""[^""]*"")?\)")]
    private static partial Regex Links();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    /// <summary>Another site, a mail address, or a place on the same page.</summary>
    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*:|#)", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();
}
