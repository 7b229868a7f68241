namespace Hearsay.Agent.Shell;

/// <summary>What a command may know of the terminal it writes to.</summary>
internal static class Terminal
{
    /// <summary>Columns of the terminal behind a writer; unlimited where it is a file, a pipe or a test.</summary>
    public static int WidthOf(TextWriter output)
    {
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
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
