namespace Hearsay.Agent.Shell;

/// <summary>What a command may know of the terminal it writes to.</summary>
internal static class Terminal
{
    /// <summary>Whether a writer leads to a terminal, and not to a file, a pipe or a test.</summary>
    public static bool IsScreen(TextWriter output) =>
        ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>Columns of the terminal behind a writer; unlimited where it is a file, a pipe or a test.</summary>
    public static int WidthOf(TextWriter output)
    {
        if (!IsScreen(output))
        {
            return int.MaxValue;
        }

        try
        {
            return Console.WindowWidth is > 0 and var width ? width : int.MaxValue;
        }
        catch (IOException)
        {
            return int.MaxValue;
        }
    }
}
