namespace Hearsay.Lab;

/// <summary>Writes results into a directory: results.csv, result.json, every figure as SVG and PNG; a page.</summary>
public static class ResultFiles
{
    /// <summary>
    /// Makes the directory and tries to write into it, so that nobody waits for a run whose result cannot be kept.
    /// </summary>
    /// <exception cref="LabUsageException">It cannot be written.</exception>
    public static void RequireWritable(string directory) => InDirectory(directory, () =>
    {
        var probe = Path.Combine(directory, $".hearsay-{Guid.NewGuid():N}");
        File.WriteAllBytes(probe, [0]);
        File.Delete(probe);
    });

    /// <summary>Writes the files of one result; the directory is made if it is not there.</summary>
    /// <returns>Their paths.</returns>
    /// <exception cref="LabUsageException">It cannot be written.</exception>
    public static IReadOnlyList<string> Write(ExperimentResult result, string directory)
    {
        ArgumentNullException.ThrowIfNull(result);
        var paths = new List<string>();
        string At(string name)
        {
            paths.Add(Path.Combine(directory, name));
            return paths[^1];
        }

        InDirectory(directory, () =>
        {
            File.WriteAllText(At("results.csv"), ResultCsv.Of(result.Results));
            File.WriteAllText(At("result.json"), ResultJson.Of(result));
            foreach (var figure in result.Figures)
            {
                File.WriteAllText(At(figure.Name + ".svg"), FigureRenderer.ToSvg(figure));
                File.WriteAllBytes(At(figure.Name + ".png"), FigureRenderer.ToPng(figure));
            }
        });
        return paths;
    }

    /// <summary>Writes the page of many results, index.html.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="LabUsageException">It cannot be written.</exception>
    public static string WritePage(IReadOnlyList<VerifiedRun> runs, string directory)
    {
        var path = Path.Combine(directory, "index.html");
        InDirectory(directory, () => File.WriteAllText(path, ReportPage.Of(runs)));
        return path;
    }

    private static void InDirectory(string directory, Action write)
    {
        if (directory.Length == 0)
        {
            throw new LabUsageException("--out must be the name of a directory, not ''.");
        }

        try
        {
            Directory.CreateDirectory(directory);
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LabUsageException($"--out {directory} cannot be written: {failure.Message}", failure);
        }
    }
}
