namespace Hearsay.Security.Identity;

/// <summary>Replaces the file with a node's token when a renewer has extended it.</summary>
/// <param name="path">The file.</param>
internal sealed class TokenSaver(string path)
{
    private readonly LatestWriter _writer = new(text => SecretFile.Replace(path, text));

    /// <summary>Writes it soon.</summary>
    public void Save(ReadOnlySpan<byte> token) => _writer.Write(KeyText.Write(KeyText.Token, token) + "\n");
}
