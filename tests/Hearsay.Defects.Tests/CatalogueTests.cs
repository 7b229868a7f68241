namespace Hearsay.Defects.Tests;

/// <summary>No defect is lost without somebody saying so here.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void There_are_as_many_defects_as_are_on_record()
    {
        Assert.Equal(22, Defect.All<SamplingDefect>().Count);
        Assert.Equal(13, Defect.All<NeighbourDefect>().Count);
        Assert.Equal(32, Defect.All<BroadcastDefect>().Count);
        Assert.Equal(9, Defect.All<RumorDefect>().Count);
        Assert.Equal(10, Defect.All<RequestDefect>().Count);
        Assert.Equal(23, Defect.All<SecurityDefect>().Count);
        Assert.Equal(19, Defect.All<AggregationDefect>().Count);
        Assert.Equal(11, Defect.All<AggregateMethodDefect>().Count);
        Assert.Equal(20, Defect.All<AntiEntropyDefect>().Count);
        Assert.Equal(19, Defect.All<LearningDefect>().Count);
    }

    [Fact]
    public void A_defect_is_on_only_until_its_switch_is_disposed_and_only_where_it_was_turned_on()
    {
        using (Defect.SwitchOn(RumorDefect.NoThrottle))
        {
            Assert.True(Defect.Is(RumorDefect.NoThrottle));
            Assert.False(Defect.Is(RumorDefect.StaleTaken));
            Assert.False(Defect.Is((NeighbourDefect)RumorDefect.NoThrottle));
            var elsewhere = true;
            var thread = new Thread(() => elsewhere = Defect.Is(RumorDefect.NoThrottle));
            thread.Start();
            thread.Join();
            Assert.False(elsewhere);
        }

        Assert.False(Defect.Is(RumorDefect.NoThrottle));
    }
}
