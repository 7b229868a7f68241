using System.Text.RegularExpressions;

namespace Hearsay.Cli.Play.Site;

/// <summary>A trace file that the page opens by itself: under <c>trace/</c> beside the page.</summary>
internal sealed partial class OpenedTrace
{
    /// <summary>The longest file that the page takes, in bytes.</summary>
    public const long MostBytes = 64 << 20;

    private const string Folder = "trace";
    private const int LongestName = 80;

    private OpenedTrace(string file) => (File, Name) = (file, NameOf(file));

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>What the page calls it: its name, without what an address would have to quote.</summary>
    public string Name { get; }

    /// <summary>Where the page finds it.</summary>
    public string Path => $"/{Folder}/{Name}";

    /// <summary>What the fragment of the address says.</summary>
    public string Fragment => $"trace={Name}";

    /// <summary>Whether a text names a file and is no link: it is there, or is called <c>.trace</c>.</summary>
    public static bool IsMeant(string text) =>
        text.EndsWith(".trace", StringComparison.OrdinalIgnoreCase) || System.IO.Path.Exists(text);

    /// <summary>A file to open.</summary>
    /// <exception cref="ArgumentException">The page would not open it; the message says why.</exception>
    public static OpenedTrace Of(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists)
        {
            throw new ArgumentException(Directory.Exists(file)
                ? $"{file} is a folder, and no trace file." : $"There is no file {file}.");
        }

        if (info.Length > MostBytes)
        {
            throw new ArgumentException(
                $"{file} has {info.Length >> 20} MiB. A trace has at most {MostBytes >> 20} MiB.");
        }

        return new OpenedTrace(info.FullName);
    }

    /// <summary>Copies the file to where the page in a folder finds it.</summary>
    public void CopyTo(string site)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(site, Folder));
        System.IO.File.Copy(File, System.IO.Path.Combine(site, Folder, Name), overwrite: true);
    }

    private static string NameOf(string file)
    {
        var name = Strange().Replace(System.IO.Path.GetFileName(file), "-").TrimStart('.', '-');
        name = name[Math.Max(0, name.Length - LongestName)..].TrimStart('.', '-');
        return name.Length == 0 ? "run.trace" : name;
    }

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex Strange();
}
