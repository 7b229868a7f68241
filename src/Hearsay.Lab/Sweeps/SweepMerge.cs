namespace Hearsay.Lab.Sweeps;

/// <summary>Puts the files of several parts into one; a run that is in several is taken once, from the first.</summary>
internal static class SweepMerge
{
    /// <summary>Merges.</summary>
    /// <param name="paths">The files, all .csv or all .jsonl as the result.</param>
    /// <param name="path">The result; it is written anew.</param>
    /// <returns>Rows written, and rows left out because they were there already.</returns>
    /// <exception cref="LabUsageException">A file is not of a sweep, or of another experiment or form.</exception>
    public static (int Rows, int Doubles) Merge(IReadOnlyList<string> paths, string path)
    {
        var full = Path.GetFullPath(path);
        if (paths.Any(input => Path.GetFullPath(input) == full))
        {
            throw new LabUsageException($"--out {path} is one of the files to merge.");
        }

        SweepLines.For(path);
        var partial = path + ".partial";
        try
        {
            (int, int) counts;
            using (var output = new StreamWriter(partial) { NewLine = "\n" })
            {
                counts = Write(paths, path, output);
            }

            File.Move(partial, path, overwrite: true);
            return counts;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static (int Rows, int Doubles) Write(IReadOnlyList<string> paths, string path, StreamWriter output)
    {
        var (runs, doubles, heading, of) = (new HashSet<string>(StringComparer.Ordinal), 0, (string?)null, "");
        foreach (var input in paths)
        {
            if (!Path.GetExtension(input).Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase))
            {
                throw new LabUsageException($"{input} has another form than --out {path}.");
            }

            foreach (var (line, run, experiment, columns) in Rows(input))
            {
                of = of.Length == 0 ? experiment : of;
                if (experiment != of || (heading is not null && heading != columns))
                {
                    throw new LabUsageException($"{input} holds another sweep than {paths[0]}.");
                }

                if (heading is null && columns is not null)
                {
                    heading = columns;
                    output.WriteLine(heading);
                }

                if (runs.Add(run))
                {
                    output.WriteLine(line);
                }
                else
                {
                    doubles++;
                }
            }
        }

        return (runs.Count, doubles);
    }

    /// <summary>The complete lines of a file; one that a kill tore off is left out.</summary>
    private static IEnumerable<(string Line, string Run, string Experiment, string? Heading)> Rows(string path)
    {
        var (lines, number) = (SweepLines.For(path), 0);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach (var line in SweepLines.CompleteOf(stream))
        {
            number++;
            if (lines.NeedsHeading)
            {
                if (!lines.TryTakeHeading(line))
                {
                    throw new LabUsageException($"{path} has no heading of a sweep.");
                }
            }
            else if (lines.TryRead(line, out var run, out var experiment))
            {
                yield return (line, run, experiment, lines.Heading);
            }
            else
            {
                throw new LabUsageException($"{path}, line {number}: not a row of a sweep.");
            }
        }
    }
}
