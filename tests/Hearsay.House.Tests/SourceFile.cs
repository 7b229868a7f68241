namespace Hearsay.House.Tests;

/// <summary>A file as the rules see it: its path relative to the root, with forward slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string[] Lines { get; } = Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
