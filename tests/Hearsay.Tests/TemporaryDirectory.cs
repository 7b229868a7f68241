namespace Hearsay.Tests;

/// <summary>A directory that goes with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hearsay-").FullName;

    /// <summary>Copies the identity of the node that lives here, as who clones a machine does.</summary>
    public void CopyIdentityTo(TemporaryDirectory other) => File.Copy(
        System.IO.Path.Combine(Path, "node.json"), System.IO.Path.Combine(other.Path, "node.json"));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
