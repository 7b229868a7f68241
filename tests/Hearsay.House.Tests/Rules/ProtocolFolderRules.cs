namespace Hearsay.House.Tests.Rules;

/// <summary>What the last section of ARCHITECTURE.md says of every protocol's folder.</summary>
internal static class ProtocolFolderRules
{
    private const string Ending = "Protocol.cs";

    /// <summary>Protocols without a file of messages, or of what they count.</summary>
    public static IEnumerable<Finding> Incomplete(IReadOnlyList<SourceFile> files)
    {
        foreach (var protocol in files.Where(IsProtocol))
        {
            var folder = FolderOf(protocol);
            var names = files.Where(file => FolderOf(file) == folder).Select(file => file.Path).ToArray();
            if (!names.Any(name => EndsWith(name, "Message.cs") || EndsWith(name, "Frame.cs")))
            {
                yield return new Finding(protocol.Path, 1, "no file beside it specifies its messages");
            }

            if (!names.Any(name => EndsWith(name, "Counters.cs")))
            {
                yield return new Finding(protocol.Path, 1, "no file beside it says what it counts");
            }
        }
    }

    private static bool IsProtocol(SourceFile file) =>
        EndsWith(file.Path, Ending) && !EndsWith(file.Path, "/I" + Ending)
        && !file.Text.Contains("abstract class", StringComparison.Ordinal);

    private static bool EndsWith(string path, string ending) => path.EndsWith(ending, StringComparison.Ordinal);

    private static string FolderOf(SourceFile file) => file.Path[..file.Path.LastIndexOf('/')];
}
