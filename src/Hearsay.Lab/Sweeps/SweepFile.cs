using System.Text;

namespace Hearsay.Lab.Sweeps;

/// <summary>
/// The file that a sweep grows: rows that are there are read first, a last line that a kill tore off is removed, and
/// every finished run is one line more. One process at a time.
/// </summary>
internal sealed class SweepFile : IDisposable
{
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Lock _lock = new();
    private readonly SweepLines _lines;
    private readonly FileStream _stream;
    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">Its name; the ending says the form.</param>
    /// <param name="experiment">Whose rows it holds.</param>
    /// <exception cref="LabUsageException">It holds something else.</exception>
    /// <exception cref="IOException">It cannot be written, or another process writes it.</exception>
    public SweepFile(string path, string experiment)
    {
        _lines = SweepLines.For(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
        {
            Directory.CreateDirectory(directory);
        }

        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            // What is not a file of this sweep is refused as it is, not cut.
            var complete = CompleteLength();
            ReadRows(path, experiment);
            Torn = _stream.Length - complete;
            if (complete == 0 && !_lines.IsTornBeginning(Beginning()))
            {
                throw NotASweep(path);
            }

            if (Torn > 0)
            {
                _stream.SetLength(complete);
            }

            _stream.Position = complete;
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of a torn last line that were removed.</summary>
    public long Torn { get; }

    /// <summary>Runs that are there.</summary>
    public int Count => _runs.Count;

    /// <summary>Whether a run is there.</summary>
    public bool Has(string run) => _runs.Contains(run);

    /// <summary>Adds a run; from any thread.</summary>
    public void Add(Row row)
    {
        lock (_lock)
        {
            var text = new StringBuilder();
            if (_lines.NeedsHeading)
            {
                _lines.SetColumns(row.Names);
                text.Append(_lines.Heading).Append('\n');
            }

            text.Append(_lines.Write(row)).Append('\n');
            _stream.Write(s_encoding.GetBytes(text.ToString()));
            _stream.Flush();
            _runs.Add((string)row[SweepRow.Run]!);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static LabUsageException NotASweep(string path) =>
        new($"{path} does not begin as the file of a sweep; give another --out.");

    /// <summary>A line counts only with its line break, which is written last.</summary>
    private long CompleteLength()
    {
        var (end, buffer) = (_stream.Length, new byte[4096]);
        while (end > 0)
        {
            var start = Math.Max(0, end - buffer.Length);
            _stream.Position = start;
            var part = buffer.AsSpan(0, (int)(end - start));
            _stream.ReadExactly(part);
            if (part.LastIndexOf((byte)'\n') is >= 0 and var last)
            {
                return start + last + 1;
            }

            end = start;
        }

        return 0;
    }

    /// <summary>The first bytes of the file as text.</summary>
    private string Beginning()
    {
        var bytes = new byte[Math.Min(_stream.Length, 64)];
        _stream.Position = 0;
        _stream.ReadExactly(bytes);
        return s_encoding.GetString(bytes);
    }

    private void ReadRows(string path, string experiment)
    {
        foreach (var (index, line) in SweepLines.CompleteOf(_stream).Index())
        {
            if (_lines.NeedsHeading)
            {
                if (!_lines.TryTakeHeading(line))
                {
                    throw NotASweep(path);
                }
            }
            else if (!_lines.TryRead(line, out var run, out var what))
            {
                throw new LabUsageException($"{path}, line {index + 1}: not a row of this sweep; "
                    + "mend or delete the line, or give another --out.");
            }
            else if (what != experiment)
            {
                throw new LabUsageException(
                    $"{path}, line {index + 1}: a row of the experiment '{what}', not '{experiment}'; "
                    + "give another --out.");
            }
            else
            {
                _runs.Add(run);
            }
        }
    }
}
