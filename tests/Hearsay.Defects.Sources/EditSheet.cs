using System.Text.RegularExpressions;

namespace Hearsay.Defects.Sources;

/// <summary>
/// A page of defects of one part of the product, in Markdown: a heading for the enum, a heading for each defect with a
/// sentence that says what is wrong, and for each edit the name of the file and a <c>diff</c> block.
/// </summary>
/// <param name="EnumName">The enum that names the defects.</param>
/// <param name="Summary">What the defects have in common.</param>
/// <param name="Defects">The defects, in their order on the page.</param>
internal sealed partial record EditSheet(string EnumName, string Summary, IReadOnlyList<DefectEntry> Defects)
{
    /// <summary>Reads a page.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="EditSheetException">It is not written as it should be; the message says where.</exception>
    public static EditSheet Parse(string path, string text) => new Reader(path, text).Read();

    [GeneratedRegex("^`([A-Za-z.]+\\.cs)`$")]
    private static partial Regex FileLine();

    private sealed class Reader(string path, string text)
    {
        private readonly string[] _lines = text.ReplaceLineEndings("\n").Split('\n');
        private readonly HashSet<string> _names = [];
        private int _next;

        private string At => $"{path}({_next + 1})";

        public EditSheet Read()
        {
            var name = Heading("# ");
            var summary = Paragraph();
            var defects = new List<DefectEntry>();
            while (SkipBlank())
            {
                defects.Add(ReadDefect(name));
            }

            return defects.Count > 0 ? new EditSheet(name, summary, defects) : throw Wrong("the sheet has no defects");
        }

        private DefectEntry ReadDefect(string enumName)
        {
            var at = At;
            var name = Heading("## ");
            if (!_names.Add(name))
            {
                throw new EditSheetException($"{at}: there are two defects called {name}");
            }

            var summary = Paragraph();
            var edits = new List<Edit>();
            while (SkipBlank() && FileLine().Match(_lines[_next]) is { Success: true } file)
            {
                _next++;
                SkipBlank();
                edits.Add(ReadEdit(name, file.Groups[1].Value));
            }

            var hasSwitch = edits.SelectMany(static edit => edit.Lines).Any(line =>
                line.Mark == '+' && Regex.IsMatch(line.Text, $@"\b{enumName}\.{name}\b"));
            return hasSwitch
                ? new DefectEntry(name, summary, edits)
                : throw new EditSheetException($"{at}: no line of {name} asks for {enumName}.{name}: it cannot be off");
        }

        private Edit ReadEdit(string defect, string file)
        {
            var at = At;
            if (_next >= _lines.Length || _lines[_next] != "```diff")
            {
                throw Wrong($"a block of ```diff must follow `{file}`");
            }

            var lines = new List<EditLine>();
            for (_next++; ; _next++)
            {
                if (_next >= _lines.Length)
                {
                    throw new EditSheetException($"{at}: the block does not end");
                }

                var line = _lines[_next];
                if (line == "```")
                {
                    _next++;
                    break;
                }

                lines.Add(line.Length == 0 ? new EditLine(' ', "") : line[0] is ' ' or '+' or '-'
                    ? new EditLine(line[0], line[1..])
                    : throw Wrong("a line of a diff begins with a space, + or -"));
            }

            return lines.Exists(static line => line.IsAnchor && line.Text.Trim().Length > 0)
                && lines.Exists(static line => line.Mark != ' ')
                ? new Edit(defect, file, lines, at)
                : throw new EditSheetException($"{at}: an edit needs a line that is there and one that changes");
        }

        private string Heading(string mark)
        {
            SkipBlank();
            return _next < _lines.Length && _lines[_next].StartsWith(mark, StringComparison.Ordinal)
                ? _lines[_next++][mark.Length..].Trim()
                : throw Wrong($"a line that begins with '{mark}' is expected");
        }

        private string Paragraph()
        {
            SkipBlank();
            var first = _next;
            while (_next < _lines.Length && _lines[_next].Length > 0 && _lines[_next][0] is not ('#' or '`'))
            {
                _next++;
            }

            return _next > first ? string.Join(' ', _lines[first.._next]) : throw Wrong("a sentence is expected");
        }

        private bool SkipBlank()
        {
            while (_next < _lines.Length && string.IsNullOrWhiteSpace(_lines[_next]))
            {
                _next++;
            }

            return _next < _lines.Length;
        }

        private EditSheetException Wrong(string what) => new($"{At}: {what}");
    }
}
