namespace Hearsay.Defects.Sources;

/// <summary>
/// Applies edits to texts. All edits look at the product as it is: none sees what another has done, and two that take
/// the same line away are refused. What two insert at one place stands there in the order in which they are applied.
/// Lines are compared without the blanks around them.
/// </summary>
internal sealed class SourceCopy
{
    private readonly SortedDictionary<string, Page> _pages = new(StringComparer.Ordinal);

    /// <summary>What kept edits from applying, each with the place of the edit first; empty if all apply.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Adds a file of the product.</summary>
    /// <param name="path">Its path below the folder that is copied.</param>
    /// <param name="text">Its text.</param>
    public void Add(string path, string text) => _pages.Add(path, new Page(text.ReplaceLineEndings("\n").Split('\n')));

    /// <summary>Applies an edit, or adds to <see cref="Errors"/> why it does not apply.</summary>
    public void Apply(Edit edit)
    {
        var named = _pages.Where(page => NameOf(page.Key) == edit.FileName).ToArray();
        if (named.Length != 1)
        {
            Refuse(edit, named.Length == 0 ? $"the product has no {edit.FileName}{Elsewhere(edit)}"
                : $"{edit.FileName} names {named.Length} files: {string.Join(", ", named.Select(static p => p.Key))}");
            return;
        }

        var page = named[0].Value;
        var places = page.Find(edit);
        if (places.Count != 1)
        {
            Refuse(edit, places.Count == 0
                ? $"{edit.FileName} does not have \"{AnchorOf(edit)}\"{Elsewhere(edit)}"
                : $"{edit.FileName} has \"{AnchorOf(edit)}\" {places.Count} times; add a line before or after it");
            return;
        }

        if (page.Change(places[0], edit) is { } other)
        {
            Refuse(edit, $"{other.At}: {other.Defect} changes the same line of {edit.FileName}");
        }
    }

    /// <summary>The files with all edits, by their paths.</summary>
    public IEnumerable<(string Path, string Text)> Files() =>
        _pages.Select(static page => (page.Key, string.Join('\n', page.Value.Lines())));

    private void Refuse(Edit edit, string why) =>
        Errors.Add($"{edit.At}: error HD001: the defect {edit.Defect} no longer applies: {why}");

    /// <summary>Where the lines have gone, if a file was split or renamed.</summary>
    private string Elsewhere(Edit edit)
    {
        var others = _pages.Where(page => page.Value.Find(edit).Count > 0).Select(static page => page.Key).ToArray();
        return others.Length == 0 ? "" : $", but {string.Join(", ", others)} has the line";
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string AnchorOf(Edit edit) =>
        string.Join(" | ", edit.Lines.Where(static line => line.IsAnchor).Select(static line => line.Text.Trim()));

    /// <summary>One file: its lines, what is put before each, and who takes it away.</summary>
    private sealed class Page(string[] lines)
    {
        private readonly List<string>?[] _before = new List<string>?[lines.Length + 1];
        private readonly Edit?[] _gone = new Edit?[lines.Length];

        /// <summary>Every line at which the anchors of an edit stand, one after the other.</summary>
        public List<int> Find(Edit edit)
        {
            string[] anchors =
                [.. edit.Lines.Where(static line => line.IsAnchor).Select(static line => line.Text.Trim())];
            var places = new List<int>();
            for (var start = 0; start + anchors.Length <= lines.Length; start++)
            {
                var same = 0;
                while (same < anchors.Length && lines[start + same].Trim() == anchors[same])
                {
                    same++;
                }

                if (same == anchors.Length)
                {
                    places.Add(start);
                }
            }

            return places;
        }

        /// <returns>The edit that takes the same line away, or null if this one was applied.</returns>
        public Edit? Change(int place, Edit edit)
        {
            foreach (var (mark, text) in edit.Lines)
            {
                if (mark == '+')
                {
                    (_before[place] ??= []).Add(text);
                    continue;
                }

                if (mark == '-')
                {
                    if (_gone[place] is { } other)
                    {
                        return other;
                    }

                    _gone[place] = edit;
                }

                place++;
            }

            return null;
        }

        public IEnumerable<string> Lines()
        {
            for (var i = 0; i <= lines.Length; i++)
            {
                foreach (var line in _before[i] ?? [])
                {
                    yield return line;
                }

                if (i < lines.Length && _gone[i] is null)
                {
                    yield return lines[i];
                }
            }
        }
    }
}
