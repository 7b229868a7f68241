using System.Text.RegularExpressions;

namespace Hearsay.House.Tests.Rules;

/// <summary>Files, lines and methods that fit a screen, and one type to a file.</summary>
internal static partial class LengthRules
{
    public const int FileLines = 400;
    public const int TestFileLines = 600;
    public const int Columns = 120;
    public const int MethodLines = 70;

    public static IEnumerable<Finding> LongFile(SourceFile file, int limit) =>
        file.Lines.Length > limit
            ? [new(file.Path, 1, $"{file.Lines.Length} lines; the limit is {limit}: split it (Type.Verb.cs)")]
            : [];

    /// <summary>
    /// Lines over the limit, except where a URL or a literal that has no blank to break at makes them so.
    /// </summary>
    public static IEnumerable<Finding> LongLines(SourceFile file) =>
        file.Lines.Index()
            .Where(line => line.Item.Length > Columns && !Unbreakable().IsMatch(line.Item))
            .Select(line => new Finding(
                file.Path, line.Index + 1, $"{line.Item.Length} columns; the limit is {Columns}"));

    public static IEnumerable<Finding> LongMethods(SourceFile file) =>
        CodeBlocks.Of(file.Text)
            .Where(block => !block.IsType && block.Lines > MethodLines)
            .Select(block => new Finding(
                file.Path, block.FirstLine, $"'{block.Header}' has {block.Lines} lines; the limit is {MethodLines}"));

    public static IEnumerable<Finding> ManyTypes(SourceFile file) =>
        CodeBlocks.Of(file.Text)
            .Where(block => block.IsType)
            .Skip(1)
            .Select(block => new Finding(file.Path, block.FirstLine, $"a second type: '{block.Header}'"));

    [GeneratedRegex(@"https?://\S{20,}|""[^""\s]{60,}""")]
    private static partial Regex Unbreakable();
}
