namespace Hearsay.Learning.Data;

/// <summary>Writes files that others find whole, as they were before or as they are now.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file beside the old one, and then moves it into its place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, byte[] bytes)
    {
        var beside = path + ".new";
        File.WriteAllBytes(beside, bytes);
        File.Move(beside, path, overwrite: true);
    }
}
