namespace Hearsay.Tests;

/// <summary>The files of the repository this is run in.</summary>
internal static class Repository
{
    public static string PathOf(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This is not run inside the repository.");
        }

        return Path.Combine([folder.FullName, .. parts]);
    }
}
