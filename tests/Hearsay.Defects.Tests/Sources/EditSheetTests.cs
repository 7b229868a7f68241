using Hearsay.Defects.Sources;

namespace Hearsay.Defects.Tests.Sources;

public sealed class EditSheetTests
{
    private const string Good = """
        # KernelDefect

        Ways to get the kernel wrong.

        ## TwiceAsMuch

        Everything is counted
        twice.

        `Kernel.cs`

        ```diff
        -        return count;
        +        return Defect.Is(KernelDefect.TwiceAsMuch) ? 2 * count : count;

         }
        ```

        """;

    [Fact]
    public void A_sheet_names_its_enum_and_its_defects_and_says_what_changes_where()
    {
        var sheet = EditSheet.Parse("S.md", Good);
        Assert.Equal(("KernelDefect", "Ways to get the kernel wrong."), (sheet.EnumName, sheet.Summary));
        var defect = Assert.Single(sheet.Defects);
        Assert.Equal(("TwiceAsMuch", "Everything is counted twice."), (defect.Name, defect.Summary));
        var edit = Assert.Single(defect.Edits);
        Assert.Equal(("TwiceAsMuch", "Kernel.cs", "S.md(12)"), (edit.Defect, edit.FileName, edit.At));
        Assert.Equal("-+  ", string.Concat(edit.Lines.Select(line => line.Mark)));
        Assert.Equal("        return count;", edit.Lines[0].Text);
        Assert.Contains("    /// <summary>Everything is counted twice.</summary>\n    TwiceAsMuch,\n",
            DefectNames.Write([sheet]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# KernelDefect", "KernelDefect", "S.md(1): a line that begins with '# ' is expected")]
    [InlineData("KernelDefect.TwiceAsMuch", "true", "S.md(5): no line of TwiceAsMuch asks for KernelDefect.")]
    [InlineData("```diff", "```", "S.md(12): a block of ```diff must follow `Kernel.cs`")]
    [InlineData("-        return", "return", "S.md(13): a line of a diff begins with a space, + or -")]
    [InlineData(" }\n```", " }\n", "S.md(12): the block does not end")]
    [InlineData("## TwiceAsMuch", "## Other", "S.md(5): no line of Other asks for KernelDefect.Other")]
    public void A_sheet_that_is_written_wrongly_says_where(string was, string isNow, string message)
    {
        var text = Good.ReplaceLineEndings("\n").Replace(was, isNow, StringComparison.Ordinal);
        var exception = Assert.Throws<EditSheetException>(() => EditSheet.Parse("S.md", text));
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_defects_of_one_name_are_an_error()
    {
        var text = Good + Good[Good.IndexOf("## ", StringComparison.Ordinal)..];
        Assert.EndsWith("there are two defects called TwiceAsMuch",
            Assert.Throws<EditSheetException>(() => EditSheet.Parse("S.md", text)).Message, StringComparison.Ordinal);
    }
}
