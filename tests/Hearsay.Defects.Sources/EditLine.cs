namespace Hearsay.Defects.Sources;

/// <summary>One line of an edit, as in a unified diff.</summary>
/// <param name="Mark">' ' for a line that is there, '-' for one that goes, '+' for one that is new.</param>
/// <param name="Text">The line.</param>
internal readonly record struct EditLine(char Mark, string Text)
{
    /// <summary>Whether the product must have the line for the edit to apply.</summary>
    public bool IsAnchor => Mark != '+';
}
