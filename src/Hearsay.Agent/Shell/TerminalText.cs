namespace Hearsay.Agent.Shell;

/// <summary>Text of strangers as a terminal may show it.</summary>
internal static class TerminalText
{
    /// <summary>What a stranger sent must neither move the cursor of a terminal nor turn its text around.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) || TurnsText(letter) ? '\uFFFD' : letter));

    /// <summary>Whether a letter breaks lines or changes the direction of writing.</summary>
    private static bool TurnsText(char letter) =>
        letter is '\u200E' or '\u200F' or '\u061C' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
