namespace Hearsay.Agent.Seeds;

/// <summary>A file with a node to join through in each line. Empty lines, and what follows a #, do not count.</summary>
internal static class SeedsFile
{
    /// <summary>Longer is no file of seeds.</summary>
    private const int MaximumFileBytes = 64 << 10;

    /// <summary>The seeds; of more than a node takes, the first.</summary>
    /// <exception cref="IOException">It cannot be read, or is no file of seeds.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read it.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[MaximumFileBytes + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaximumFileBytes)
        {
            throw new IOException($"it is longer than {MaximumFileBytes:N0} bytes.");
        }

        using var text = new StreamReader(new MemoryStream(bytes, 0, length));
        return
        [
            .. text.ReadToEnd().Split('\n').Select(static line => line.Split('#')[0].Trim())
                .Where(static line => line.Length > 0).Take(GossipNodeOptions.MaximumSeeds),
        ];
    }
}
