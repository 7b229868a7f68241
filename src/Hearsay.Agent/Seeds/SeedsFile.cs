using Hearsay.Addresses;

namespace Hearsay.Agent.Seeds;

/// <summary>A file with a node to join through in each line. Empty lines, and what follows a #, do not count.</summary>
internal static class SeedsFile
{
    /// <summary>Longer is no file of seeds.</summary>
    private const int MaximumFileBytes = 64 << 10;

    /// <summary>How much of a line a message repeats.</summary>
    private const int LongestQuote = 60;

    /// <summary>The seeds; of more than a node takes, the first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with the first line that is no seed; null if there is none.</param>
    /// <exception cref="IOException">It cannot be read, or is no file of seeds.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read it.</exception>
    public static IReadOnlyList<string> Read(string path, out string? problem)
    {
        problem = null;
        var (seeds, number) = (new List<string>(), 0);
        foreach (var line in Text(path).Split('\n'))
        {
            number++;
            var seed = line.Split('#')[0].Trim();
            if (HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var parsed) && parsed.Port > 0)
            {
                seeds.Add(seed);
            }
            else if (seed.Length > 0)
            {
                problem ??= $"line {number}: '{seed[..Math.Min(seed.Length, LongestQuote)]}' is not HOST[:PORT].";
            }
        }

        return [.. seeds.Take(GossipNodeOptions.MaximumSeeds)];
    }

    private static string Text(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[MaximumFileBytes + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaximumFileBytes)
        {
            throw new IOException($"it is longer than {MaximumFileBytes:N0} bytes.");
        }

        using var text = new StreamReader(new MemoryStream(bytes, 0, length));
        return text.ReadToEnd();
    }
}
