namespace Hearsay.Agent.Tests.Http;

/// <summary>A file with a token, of a mode.</summary>
internal sealed class TokenFile : IDisposable
{
    public TokenFile(string content, UnixFileMode mode)
    {
        File.WriteAllText(Path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, mode);
        }
    }

    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hearsay-token-{Guid.NewGuid():n}");

    public void Dispose() => File.Delete(Path);
}
