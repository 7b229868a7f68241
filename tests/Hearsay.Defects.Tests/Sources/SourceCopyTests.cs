using Hearsay.Defects.Sources;

namespace Hearsay.Defects.Tests.Sources;

public sealed class SourceCopyTests
{
    private readonly SourceCopy _copy = new();

    public SourceCopyTests()
    {
        _copy.Add("A/Kernel.cs", "one\n    two\nthree\ntwo words\nthree\n");
        _copy.Add("B/Other.cs", "four\n");
    }

    [Fact]
    public void Lines_come_before_and_after_an_anchor_and_in_place_of_it()
    {
        Apply("Kernel.cs", "+before", " two", "+after");
        Apply("Kernel.cs", "-two words", "+two more words");
        Assert.Equal("one\nbefore\n    two\nafter\nthree\ntwo more words\nthree\n", Text("A/Kernel.cs"));
        Assert.Equal("four\n", Text("B/Other.cs"));
    }

    [Fact]
    public void Edits_see_the_product_and_not_each_other()
    {
        Apply("Kernel.cs", "+one", " two");
        Apply("Kernel.cs", " one", "+first");
        Assert.Equal("one\none\nfirst\n    two\nthree\ntwo words\nthree\n", Text("A/Kernel.cs"));
    }

    [Fact]
    public void A_line_that_is_gone_is_an_error_that_names_place_defect_file_and_line() =>
        Refused("Sheet.md(7): error HD001: the defect D no longer applies: Kernel.cs does not have \"five\"",
            "Kernel.cs", " five", "+x");

    [Fact]
    public void A_line_that_has_moved_is_found_where_it_is_now() => Refused(
        "Sheet.md(7): error HD001: the defect D no longer applies: Kernel.cs does not have \"four\", but "
        + "B/Other.cs has the line", "Kernel.cs", "-four", "+x");

    [Fact]
    public void A_line_that_is_there_twice_is_an_error_and_one_more_line_settles_it()
    {
        Refused("Sheet.md(7): error HD001: the defect D no longer applies: Kernel.cs has \"three\" 2 times; add a line "
            + "before or after it", "Kernel.cs", " three", "+x");
        _copy.Errors.Clear();
        Apply("Kernel.cs", " two words", " three", "+x");
        Assert.Empty(_copy.Errors);
        Assert.EndsWith("two words\nthree\nx\n", Text("A/Kernel.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_found_by_its_name_in_whatever_folder_it_is()
    {
        _copy.Add("C/D/Moved.cs", "six");
        Apply("Moved.cs", " six", "+x");
        Assert.Equal("six\nx", Text("C/D/Moved.cs"));
    }

    [Fact]
    public void A_name_of_no_file_or_of_several_is_an_error()
    {
        _copy.Add("C/Other.cs", "six");
        Refused("Sheet.md(7): error HD001: the defect D no longer applies: the product has no Gone.cs, but B/Other.cs "
            + "has the line", "Gone.cs", " four", "+x");
        _copy.Errors.Clear();
        Refused("Sheet.md(7): error HD001: the defect D no longer applies: Other.cs names 2 files: B/Other.cs, "
            + "C/Other.cs", "Other.cs", " four", "+x");
    }

    [Fact]
    public void Two_edits_that_take_the_same_line_away_are_an_error()
    {
        Apply("Kernel.cs", "-one", "+x");
        Refused("Sheet.md(7): error HD001: the defect D no longer applies: Sheet.md(7): D changes the same line of "
            + "Kernel.cs", "Kernel.cs", "-one", "+y");
    }

    private void Refused(string error, string file, params string[] lines)
    {
        Apply(file, lines);
        Assert.Equal(error, Assert.Single(_copy.Errors));
    }

    private void Apply(string file, params string[] lines) => _copy.Apply(new Edit(
        "D", file, [.. lines.Select(static line => new EditLine(line[0], line[1..]))], "Sheet.md(7)"));

    private string Text(string path) => _copy.Files().Single(file => file.Path == path).Text;
}
