namespace Hearsay.Lab;

/// <summary>Writes a result into a directory: results.csv, result.json and every figure as SVG and PNG.</summary>
public static class ResultFiles
{
    /// <summary>Writes the files; the directory is made if it is not there.</summary>
    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> Write(ExperimentResult result, string directory)
    {
        ArgumentNullException.ThrowIfNull(result);
        Directory.CreateDirectory(directory);
        var paths = new List<string>();
        string At(string name)
        {
            paths.Add(Path.Combine(directory, name));
            return paths[^1];
        }

        File.WriteAllText(At("results.csv"), ResultCsv.Of(result.Results));
        File.WriteAllText(At("result.json"), ResultJson.Of(result));
        foreach (var figure in result.Figures)
        {
            File.WriteAllText(At(figure.Name + ".svg"), FigureRenderer.ToSvg(figure));
            File.WriteAllBytes(At(figure.Name + ".png"), FigureRenderer.ToPng(figure));
        }

        return paths;
    }
}
