using System.Globalization;

namespace Hearsay.Agent.Shell;

/// <summary>
/// Whether this process may open enough files and sockets. With too few the runtime fails in the middle of something:
/// it cannot load a library, or start the console.
/// </summary>
internal static class DescriptorLimit
{
    /// <summary>
    /// What a command needs: its libraries hold about 120 once it runs, and a node up to 64 connections.
    /// </summary>
    public const int Needed = 192;

    /// <summary>What each node of <c>up</c> needs: a socket for datagrams, one to listen.</summary>
    private const int PerNode = 2;

    /// <summary>What to tell the user; null if there are enough, or the system does not say.</summary>
    /// <param name="nodes">Nodes of <c>up</c>; 0 for everything else.</param>
    public static string? Problem(int nodes = 0)
    {
        var needed = Needed + (PerNode * nodes);
        return Limit() is { } limit && limit < needed
            ? $"hearsay needs {needed} file descriptors, but this process may have only {limit}. Raise the limit "
                + $"(ulimit -n {needed})."
            : null;
    }

    /// <summary>The limit of this process, where the system tells it: on Linux.</summary>
    private static long? Limit()
    {
        const string Name = "Max open files";
        try
        {
            foreach (var line in File.ReadAllText("/proc/self/limits").Split('\n'))
            {
                if (line.StartsWith(Name, StringComparison.Ordinal))
                {
                    var soft = line[Name.Length..].TrimStart().Split(' ')[0];
                    return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
                }
            }
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            // No such file: another system, or one that hides it.
        }

        return null;
    }
}
