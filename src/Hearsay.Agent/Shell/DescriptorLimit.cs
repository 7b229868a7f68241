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

    /// <summary>
    /// What an agent needs beside the callers of its HTTP service. Besides libraries and its own connections that is a
    /// pair for every thread, and the runtime ends the process ("Out of memory.") if it cannot start one. With 384 that
    /// happened in one of a hundred floods of connections since the lines of an agent are written on threads of their
    /// own.
    /// </summary>
    private const int Reserved = 416;

    private const int LeastCallers = 16;

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

    /// <summary>
    /// How many callers of an HTTP service may be connected at once. Where the limit is low there are fewer places, and
    /// a place may be taken while its last connection is still ending.
    /// </summary>
    /// <param name="most">As many as there are where the limit is high or unknown.</param>
    public static int Callers(int most) => Callers(Limit(), most);

    /// <summary>The same for a limit; null if it is unknown.</summary>
    internal static int Callers(long? limit, int most) =>
        limit is { } known ? (int)Math.Clamp((known - Reserved) / 2, LeastCallers, most) : most;

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
