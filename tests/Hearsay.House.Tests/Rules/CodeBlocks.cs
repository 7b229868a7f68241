using System.Text.RegularExpressions;

namespace Hearsay.House.Tests.Rules;

/// <summary>Finds types and the members with a body in them by counting braces.</summary>
internal static partial class CodeBlocks
{
    /// <summary>A top-level type (name) or a member with a body, with its first and last line.</summary>
    internal sealed record Block(bool IsType, string Header, int FirstLine, int LastLine)
    {
        public int Lines => LastLine - FirstLine + 1;
    }

    private enum Kind
    {
        Namespace,
        Type,
        Member,
        Inner,
    }

    /// <summary>Top-level types of a file and the bodies of members of all its types.</summary>
    public static IReadOnlyList<Block> Of(string source)
    {
        var code = CodeText.Blank(source);
        var blocks = new List<Block>();
        var open = new Stack<(Kind Kind, string Header, int Line)>();
        var headerStart = 0;
        for (var i = 0; i < code.Length; i++)
        {
            if (code[i] is not ('{' or '}' or ';'))
            {
                continue;
            }

            var header = Attributes().Replace(code[headerStart..i], " ").Trim();
            var outside = open.All(block => block.Kind == Kind.Namespace);
            var line = LineOf(code, headerStart + Leading(code[headerStart..i]));
            if (code[i] == '{')
            {
                var kind = KindOf(header, open.Count > 0 ? open.Peek().Kind : Kind.Namespace);
                open.Push((kind, header, line));
                AddType(blocks, outside && kind == Kind.Type, header, line);
            }
            else if (code[i] == ';')
            {
                AddType(blocks, outside && TypeHeader().IsMatch(header), header, line);
            }
            else if (open.TryPop(out var closed) && closed.Kind == Kind.Member)
            {
                blocks.Add(new Block(IsType: false, Shorten(closed.Header), closed.Line, LineOf(code, i)));
            }

            headerStart = i + 1;
        }

        return blocks;
    }

    private static void AddType(List<Block> blocks, bool isType, string header, int line)
    {
        if (isType)
        {
            blocks.Add(new Block(IsType: true, Shorten(header), line, line));
        }
    }

    private static Kind KindOf(string header, Kind parent)
    {
        if (header.StartsWith("namespace ", StringComparison.Ordinal))
        {
            return Kind.Namespace;
        }

        if (parent is Kind.Namespace or Kind.Type && TypeHeader().IsMatch(header))
        {
            return Kind.Type;
        }

        var parenthesis = header.IndexOf('(', StringComparison.Ordinal);
        var equals = header.IndexOf('=', StringComparison.Ordinal);
        var isOperator = header.Contains("operator", StringComparison.Ordinal);
        var isMethod = parenthesis >= 0 && (equals < 0 || parenthesis < equals || isOperator);
        return parent == Kind.Type && isMethod ? Kind.Member : Kind.Inner;
    }

    private static int Leading(string text) => text.Length - text.TrimStart().Length;

    private static int LineOf(string code, int index) => 1 + code.AsSpan(0, index).Count('\n');

    private static string Shorten(string header) =>
        Blanks().Replace(header, " ") is var one && one.Length > 70 ? one[..70] + "..." : one;

    [GeneratedRegex(@"\[[^\[\]]*(\[[^\[\]]*\][^\[\]]*)*\]")]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^((public|internal|private|protected|static|sealed|abstract|readonly|ref|partial|unsafe|file|new)"
        + @"\s+)*"
        + @"(record|class|struct|interface|enum|delegate|extension)\b(?!\s*=)")]
    private static partial Regex TypeHeader();
}
