using System.Text;
using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Security.Identity;

/// <summary>
/// The revocations that a node remembers over restarts: a file in its data directory, a line for each. They are signed,
/// so nothing is taken from the file that the operator did not sign.
/// </summary>
internal sealed class RevocationFile
{
    private const string FileName = "revocations";

    private const int MaximumBytes = 1 << 18;

    private readonly string _path;
    private readonly LatestWriter _writer;

    /// <summary>The file of a data directory.</summary>
    public RevocationFile(string directory)
    {
        _path = Path.Combine(directory, FileName);
        _writer = new LatestWriter(text => SecretFile.Replace(_path, text));
    }

    /// <summary>What is in the file, not verified; nothing if there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IEnumerable<byte[]> Read()
    {
        if (!File.Exists(_path))
        {
            yield break;
        }

        foreach (var line in SecretFile.Read(_path, MaximumBytes).Split('\n'))
        {
            if (KeyText.TryRead(KeyText.Revocation, line, Revocation.SizeBytes, out var bytes))
            {
                yield return bytes;
            }
        }
    }

    /// <summary>Writes it anew, soon.</summary>
    public void Save(Revocations revocations)
    {
        var text = new StringBuilder();
        for (var i = 0; i < revocations.Count; i++)
        {
            text.Append(KeyText.Write(KeyText.Revocation, revocations[i].Bytes)).Append('\n');
        }

        _writer.Write(text.ToString());
    }
}
