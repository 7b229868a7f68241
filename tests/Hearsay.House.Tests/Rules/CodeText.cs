using System.Text;

namespace Hearsay.House.Tests.Rules;

/// <summary>
/// C# with the contents of comments and literals replaced by blanks, newlines kept: what is left are code, braces and
/// line numbers. A scanner of a hundred lines, not a compiler: enough for rules of thumb about length and words.
/// </summary>
internal sealed class CodeText
{
    private readonly string text;
    private readonly StringBuilder code;
    private int at;

    private CodeText(string text)
    {
        this.text = text;
        code = new StringBuilder(text);
    }

    public static string Blank(string text)
    {
        var scanner = new CodeText(text.ReplaceLineEndings("\n"));
        scanner.Code(inHole: false);
        return scanner.code.ToString();
    }

    /// <summary>Scans code to the end of the text or, within an interpolation, to the brace that closes it.</summary>
    private void Code(bool inHole)
    {
        var depth = 0;
        while (at < text.Length)
        {
            if (Starts("//"))
            {
                BlankTo(IndexOrEnd("\n", at));
            }
            else if (Starts("/*"))
            {
                BlankTo(IndexOrEnd("*/", at + 2, 2));
            }
            else if (text[at] == '\'')
            {
                Quoted('\'', verbatim: false, holes: false);
            }
            else if (LiteralAhead(out var prefix))
            {
                Literal(prefix);
            }
            else
            {
                depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
                if (inHole && depth < 0)
                {
                    return;
                }

                at++;
            }
        }
    }

    private bool LiteralAhead(out string prefix)
    {
        var end = at;
        while (end < text.Length && text[end] is '$' or '@')
        {
            end++;
        }

        prefix = text[at..end];
        return end < text.Length && text[end] == '"';
    }

    private void Literal(string prefix)
    {
        at += prefix.Length;
        var quotes = text.AsSpan(at).IndexOfAnyExcept('"') is var run && run < 0 ? text.Length - at : run;
        if (quotes >= 3)
        {
            var fence = new string('"', quotes);
            at += quotes;
            BlankTo(IndexOrEnd(fence, at));
            at = Math.Min(text.Length, at + quotes);
        }
        else
        {
            Quoted('"', prefix.Contains('@', StringComparison.Ordinal), prefix.Contains('$', StringComparison.Ordinal));
        }
    }

    private void Quoted(char quote, bool verbatim, bool holes)
    {
        at++;
        while (at < text.Length && !(text[at] == quote && !(verbatim && Starts("\"\""))))
        {
            if (holes && text[at] == '{' && !Starts("{{"))
            {
                code[at++] = ' ';
                Code(inHole: true);
                BlankTo(at + 1);
            }
            else
            {
                var escape = verbatim ? Starts("\"\"") : text[at] == '\\';
                var pair = escape || (holes && (Starts("{{") || Starts("}}")));
                BlankTo(at + (pair ? 2 : 1));
            }
        }

        at++;
    }

    private void BlankTo(int end)
    {
        for (; at < Math.Min(end, text.Length); at++)
        {
            code[at] = text[at] == '\n' ? '\n' : ' ';
        }
    }

    private bool Starts(string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private int IndexOrEnd(string what, int from, int extra = 0) =>
        text.IndexOf(what, Math.Min(from, text.Length), StringComparison.Ordinal) is var found && found < 0
            ? text.Length
            : found + extra;
}
