using Hearsay.Identity;
using Hearsay.Security;

namespace Hearsay.Agent.Doctor;

/// <summary>The files of an agent: whether they can be used, and by whom.</summary>
internal static class FileCheck
{
    private const UnixFileMode Writable = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The data directory.</summary>
    public static IEnumerable<Finding> OfData(string? directory, AgentSearch search)
    {
        const string Subject = "data";
        if (directory is null)
        {
            return [Finding.Ok(Subject, "No data directory: the node has a new id at every start.")];
        }

        if (!Directory.Exists(directory))
        {
            return [OfMissing(directory)];
        }

        try
        {
            // It is opened as a node does it, and nothing is stored.
            IdentityStore.Open(directory).Dispose();
            IdentityStore.Peek(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return IsInUse(error)
                ? [search.Found is { } own && own.Id == search.OwnId
                    ? Finding.Ok(Subject, $"'{directory}' is that of the agent that serves {own.Url}.")
                    : Finding.Warning(
                        Subject, error.Message, "If that is the agent that you ask about, it is as it should be.")]
                : [Finding.Problem(
                    Subject, error.Message, "Name a directory that the user of the agent owns, with --data.")];
        }

        return Mode(directory) is { } mode && (mode & Writable) != 0
            ? [Finding.Warning(
                Subject, $"Others than its owner may write '{directory}', and so take the id of this node.",
                $"Run 'chmod 700 {directory}'.")]
            : [Finding.Ok(Subject, $"'{directory}' can be written, and no other node uses it.")];
    }

    /// <summary>Whether a node runs with the data directory.</summary>
    public static bool IsInUse(string? directory)
    {
        if (directory is null || !Directory.Exists(directory))
        {
            return false;
        }

        try
        {
            IdentityStore.Open(directory).Dispose();
            return false;
        }
        catch (IOException error)
        {
            return IsInUse(error);
        }
    }

    private static bool IsInUse(Exception error) => error.Message.Contains("in use", StringComparison.Ordinal);

    /// <summary>The private key of the HTTP service; its token file is read with the options.</summary>
    public static IEnumerable<Finding> OfHttp(IReadOnlyDictionary<string, string?> values)
    {
        var key = values.GetValueOrDefault("HttpKey") ?? values.GetValueOrDefault("HttpCertificate");
        if (key is not null && File.Exists(key) && Mode(key) is { } mode && !SecretFile.IsPrivate(key, mode))
        {
            yield return Finding.Warning(
                "http", $"Others than its owner may read the private key in '{key}'.", $"Run 'chmod 600 {key}'.");
        }
    }

    private static Finding OfMissing(string directory)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(directory));
        while (parent is not null && !Directory.Exists(parent) && !File.Exists(parent))
        {
            parent = Path.GetDirectoryName(parent);
        }

        try
        {
            var probe = Path.Combine(parent ?? "/", $".hearsay-{Guid.NewGuid():n}");
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
            return Finding.Ok("data", $"'{directory}' is not there yet; the agent makes it.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem(
                "data", $"'{directory}' is not there, and cannot be made: {error.Message}",
                "Make it, and give it to the user of the agent.");
        }
    }

    private static UnixFileMode? Mode(string path) => OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);
}
