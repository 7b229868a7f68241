using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hearsay.Learn;

/// <summary>
/// The files that chapters, search and API reference need: the worker of the site keeps them, so that they can be read
/// without a network after the first visit.
/// </summary>
internal static class FileList
{
    private const string Name = "learn/files.json";

    private static readonly string[] s_ofAllPages = ["icon.svg", "learn.css", "learn.js"];

    /// <summary>Writes the list, with a version that is another one when any of the files is.</summary>
    /// <returns>How many files there are.</returns>
    public static int Write(string site)
    {
        var files = Directory.EnumerateFiles(Path.Combine(site, "learn"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(site, file).Replace('\\', '/'))
            .Where(static file => file != Name && Path.GetExtension(file) is not (".br" or ".gz"))
            .Concat(s_ofAllPages.Where(file => File.Exists(Path.Combine(site, file))))
            .Order(StringComparer.Ordinal).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(File.ReadAllBytes(Path.Combine(site, file)));
        }

        var version = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        File.WriteAllText(Path.Combine(site, Name), JsonSerializer.Serialize(new { version, files }));
        return files.Count;
    }
}
