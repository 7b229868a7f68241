namespace Hearsay.House.Tests.Rules;

/// <summary>What the last section of ARCHITECTURE.md says of every protocol's folder.</summary>
internal static class ProtocolFolderRules
{
    private const string Ending = "Protocol.cs";

    /// <summary>Peer sampling counts in NodeCounters, with the node that it is part of.</summary>
    private const string CountedByNode = "/PeerSampling" + Ending;

    /// <summary>Protocols whose messages or counts have no file in their room, below it, or of their name.</summary>
    public static IEnumerable<Finding> Incomplete(IReadOnlyList<SourceFile> files)
    {
        foreach (var protocol in files.Where(IsProtocol))
        {
            if (!Has(protocol, files, "Message.cs") && !Has(protocol, files, "Frame.cs"))
            {
                yield return new Finding(protocol.Path, 1, "no file beside it specifies its messages");
            }

            if (!Has(protocol, files, "Counters.cs") && !EndsWith(protocol.Path, CountedByNode))
            {
                yield return new Finding(protocol.Path, 1, "no file beside it says what it counts");
            }
        }
    }

    private static bool Has(SourceFile protocol, IReadOnlyList<SourceFile> files, string ending)
    {
        var folder = FolderOf(protocol) + "/";
        var named = protocol.Path[protocol.Path.LastIndexOf('/')..^Ending.Length] + ending;
        return files.Any(file => EndsWith(file.Path, named)
            || (EndsWith(file.Path, ending) && file.Path.StartsWith(folder, StringComparison.Ordinal)));
    }

    private static bool IsProtocol(SourceFile file) =>
        EndsWith(file.Path, Ending) && !EndsWith(file.Path, "/I" + Ending)
        && !file.Text.Contains("abstract class", StringComparison.Ordinal);

    private static bool EndsWith(string path, string ending) => path.EndsWith(ending, StringComparison.Ordinal);

    private static string FolderOf(SourceFile file) => file.Path[..file.Path.LastIndexOf('/')];
}
