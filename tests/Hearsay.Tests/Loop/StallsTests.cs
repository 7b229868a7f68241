using Hearsay.Diagnostics;
using Hearsay.Loop;
using Hearsay.Protocols;

namespace Hearsay.Tests.Loop;

public sealed class StallsTests
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    private readonly RecordedEvents _events = new();
    private readonly LoopPair _pair;

    public StallsTests() => _pair = new LoopPair(_events);

    [Fact]
    public void A_node_that_comes_late_takes_the_answers_that_wait_before_it_judges_who_did_not_answer()
    {
        _pair.Meet();
        while (_pair.To.Waiting.Count == 0)
        {
            _pair.Pass(TimeSpan.FromMilliseconds(50));
        }

        var (completed, evicted) = (_pair.One.Core.Counters.ExchangesCompleted, _pair.One.Core.Counters.Evictions);
        _pair.Pass(Stall);
        _pair.Deliver();
        _pair.Pass(Stalls.PacketsFirst);

        Assert.True(_pair.One.Core.Counters.ExchangesCompleted > completed);
        Assert.Equal(evicted, _pair.One.Core.Counters.Evictions);
        Assert.Equal(0, _pair.One.Core.Counters.ExchangesTimedOut);
        Assert.Equal(1, _pair.One.Core.View.Count);
    }

    [Fact]
    public void A_node_that_comes_late_and_has_no_answer_waiting_goes_on_a_moment_later()
    {
        _pair.Meet();
        var cycles = _pair.One.Core.Counters.Cycles;
        _pair.Pass(Stall);
        Assert.Equal(cycles, _pair.One.Core.Counters.Cycles);

        _pair.Pass(Stalls.PacketsFirst);

        Assert.Equal(cycles + 1, _pair.One.Core.Counters.Cycles);
    }

    [Fact]
    public void A_stall_is_counted_while_it_lasts_and_afterwards_and_told_once()
    {
        _pair.Meet();
        Assert.Equal(TimeSpan.Zero, _pair.One.TimeLate);
        var due = _pair.One.Armed;
        _pair.Scheduler.Time = due + Stall;
        Assert.Equal((0, Stall), (_pair.One.TimesLate, _pair.One.TimeLate));

        _pair.Scheduler.RunDue();

        Assert.Equal((1, Stall), (_pair.One.TimesLate, _pair.One.TimeLate));
        Assert.Equal([new StallReport(1, Stall, OfPool: false)], _events.Reports);
    }

    [Fact]
    public void A_machine_that_is_always_late_is_told_of_once_a_minute_with_all_that_came_between()
    {
        _pair.Meet();
        const int Each = 5;
        for (var i = 0; i < 3 * 60 / Each; i++)
        {
            _pair.Scheduler.Time = _pair.One.Armed + TimeSpan.FromSeconds(Each);
            _pair.Scheduler.RunDue();
            _pair.Pass(Stalls.PacketsFirst);
        }

        Assert.InRange(_events.Reports.Count, 3, 4);
        Assert.Equal(1, _events.Reports[0].Times);
        Assert.InRange(_events.Reports[1].Times, 8, 12);
        Assert.Equal(TimeSpan.FromSeconds(Each) * _events.Reports[1].Times, _events.Reports[1].Late);
    }

    [Fact]
    public void What_is_a_little_late_is_no_stall()
    {
        _pair.Meet();
        for (var i = 0; i < 20; i++)
        {
            _pair.Scheduler.Time = _pair.One.Armed + Lateness.Threshold;
            _pair.Scheduler.RunDue();
        }

        Assert.Equal((0, TimeSpan.Zero), (_pair.One.TimesLate, _pair.One.TimeLate));
        Assert.Empty(_events.Reports);
    }

    [Fact]
    public void A_node_that_has_stopped_is_not_late()
    {
        _pair.Meet();
        _pair.One.Stop(leave: false);

        _pair.Scheduler.Time += Stall;

        Assert.Equal(TimeSpan.Zero, _pair.One.TimeLate);
    }

    private sealed class RecordedEvents : INodeEvents
    {
        public List<StallReport> Reports { get; } = [];

        public void OnStall(in StallReport report) => Reports.Add(report);

        public void OnStreamsBlocked(NodeAddress address)
        {
        }

        public void AfterInput(NodeCore core)
        {
        }

        public void ResolveContacts()
        {
        }

        public void Notify(in NodeNotice notice)
        {
        }

        public void OnViewChange(in ViewChange change)
        {
        }

        public void OnMetadata(in MetadataAnswer answer)
        {
        }

        public void Publish(byte protocol, object happened)
        {
        }
    }
}
