namespace Hearsay.House.Tests;

/// <summary>The source tree this test was built from, found by walking up to the solution file.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = [".git", "artifacts", "bin", "obj", "node_modules", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>
    /// Every file of a kind under a folder ("" is the whole tree), its path relative to the root, sorted.
    /// </summary>
    public static IEnumerable<SourceFile> Files(string folder, params string[] endings)
    {
        var start = Path.Combine(Root, folder);
        return Directory.Exists(start)
            ? Walk(start).Where(path => endings.Any(end => path.EndsWith(end, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal)
                .Select(path => new SourceFile(Relative(path), File.ReadAllText(path)))
            : [];
    }

    public static bool Exists(string relativePath)
    {
        var path = Path.Combine(Root, relativePath);
        return File.Exists(path) || Directory.Exists(path);
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(child => !NotSource.Contains(Path.GetFileName(child)))
                .SelectMany(Walk));

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Hearsay.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("No Hearsay.slnx above " + AppContext.BaseDirectory);
    }
}
