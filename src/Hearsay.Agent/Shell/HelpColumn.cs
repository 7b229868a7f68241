namespace Hearsay.Agent.Shell;

/// <summary>
/// What stands in the first column of the help, behind an option's name. The column is at most half of a terminal wide
/// and breaks what is longer anywhere, also inside a word; so a long list of words goes into the second column.
/// </summary>
internal static class HelpColumn
{
    /// <summary>The longest word that the first column holds unbroken in a terminal of 80 columns.</summary>
    private const int LongestWord = 30;

    /// <summary>
    /// The values of an option for the first column: the words it takes, or NAME where they are many.
    /// </summary>
    /// <param name="allowed">What is allowed: words with a bar between them, or any text with spaces.</param>
    public static string NameOf(string allowed) => Breaks(allowed) ? "NAME" : allowed;

    /// <summary>The description for the second column, with the words that the first one has no room for.</summary>
    /// <param name="help">What the option means.</param>
    /// <param name="allowed">What is allowed.</param>
    public static string DescriptionOf(string help, string allowed) => Breaks(allowed)
        ? $"{help} One of {allowed.Replace("|", ", ", StringComparison.Ordinal)}." : help;

    private static bool Breaks(string allowed) => allowed.Split(' ').Any(static word => word.Length > LongestWord);
}
