using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Tests.Shell;

public sealed class HelpColumnTests
{
    [Fact]
    public void A_few_words_stand_beside_the_option()
    {
        Assert.Equal("rand|tail|head", HelpColumn.NameOf("rand|tail|head"));
        Assert.Equal("Who.", HelpColumn.DescriptionOf("Who.", "rand|tail|head"));
    }

    [Fact]
    public void A_long_range_may_break_at_its_spaces() => Assert.Equal(
        "A or A..B (A at most B), from 0 to 60,000", HelpColumn.NameOf("A or A..B (A at most B), from 0 to 60,000"));

    [Fact]
    public void Many_words_stand_in_the_description_where_they_are_not_broken()
    {
        const string Many = "blind|healer|swapper|recommended|newscast";
        Assert.Equal("NAME", HelpColumn.NameOf(Many));
        Assert.Equal(
            "Where to start. One of blind, healer, swapper, recommended, newscast.",
            HelpColumn.DescriptionOf("Where to start.", Many));
    }
}
