using System.Text;
using System.Text.Json;

namespace Hearsay.Lab.Sweeps;

/// <summary>Rows as lines, CSV with a heading or one JSON object each; a row never holds a line break.</summary>
/// <param name="isCsv">Which of the two.</param>
internal sealed class SweepLines(bool isCsv)
{
    private string[]? _columns;

    /// <summary>The form that the ending of a file name says.</summary>
    /// <exception cref="LabUsageException">It is neither .csv nor .jsonl.</exception>
    public static SweepLines For(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => new SweepLines(isCsv: true),
        ".JSONL" => new SweepLines(isCsv: false),
        _ => throw new LabUsageException($"--out must end in .csv or .jsonl, not '{path}'."),
    };

    /// <summary>The heading, once it is known; JSON lines have none.</summary>
    public string? Heading => _columns is null ? null : string.Join(',', _columns.Select(ResultCsv.Quoted));

    /// <summary>Takes the heading of a file or, for CSV, of the first row.</summary>
    public void SetColumns(IEnumerable<string> columns) => _columns = isCsv ? [.. columns] : null;

    /// <summary>Whether a heading has to come before the first row.</summary>
    public bool NeedsHeading => isCsv && _columns is null;

    /// <summary>The line of a row.</summary>
    /// <exception cref="LabUsageException">The file has other columns.</exception>
    public string Write(Row row)
    {
        if (!isCsv)
        {
            return ResultJson.Line(row);
        }

        return row.Names.SequenceEqual(_columns!)
            ? string.Join(',', row.Select(value => ResultCsv.Quoted(ResultCsv.Text(value.Value))))
            : throw new LabUsageException("The file has other columns than this sweep; give another --out.");
    }

    /// <summary>Reads which run of which experiment a line is, or fails.</summary>
    public bool TryRead(string line, out string run, out string experiment)
    {
        (run, experiment) = ("", "");
        if (!isCsv)
        {
            return TryReadJson(line, ref run, ref experiment);
        }

        if (SplitCsv(line) is not { } fields || fields.Count != _columns!.Length)
        {
            return false;
        }

        (run, experiment) = (fields[0], fields[1]);
        return true;
    }

    /// <summary>Takes a line as heading if it is one of a sweep.</summary>
    public bool TryTakeHeading(string line)
    {
        if (SplitCsv(line) is not [SweepRow.Run, SweepRow.Experiment, ..] columns)
        {
            return false;
        }

        _columns = [.. columns];
        return true;
    }

    /// <summary>Whether a text can be the beginning of a file that a kill tore off within its first line.</summary>
    public bool IsTornBeginning(string text)
    {
        var beginning = isCsv ? $"{SweepRow.Run},{SweepRow.Experiment}," : $"{{\"{SweepRow.Run}\":\"";
        return text.StartsWith(beginning, StringComparison.Ordinal)
            || beginning.StartsWith(text, StringComparison.Ordinal);
    }

    /// <summary>The complete lines of a file; one that a kill tore off is left out.</summary>
    public static IEnumerable<string> CompleteOf(Stream stream)
    {
        if (stream.Length == 0)
        {
            yield break;
        }

        stream.Position = stream.Length - 1;
        var ended = stream.ReadByte() == '\n';
        stream.Position = 0;
        using var reader = new StreamReader(stream, leaveOpen: true);
        var line = reader.ReadLine();
        while (line is not null)
        {
            var next = reader.ReadLine();
            if (next is not null || ended)
            {
                yield return line;
            }

            line = next;
        }
    }

    private static bool TryReadJson(string line, ref string run, ref string experiment)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty(SweepRow.Run, out var name)
                || !document.RootElement.TryGetProperty(SweepRow.Experiment, out var what)
                || name.ValueKind != JsonValueKind.String || what.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            (run, experiment) = (name.GetString()!, what.GetString()!);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The fields of a line, or null if a quote is left open.</summary>
    private static List<string>? SplitCsv(string line)
    {
        var (fields, field, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return quoted ? null : fields;
    }
}
