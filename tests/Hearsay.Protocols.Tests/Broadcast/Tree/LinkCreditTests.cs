using Hearsay.Protocols.Broadcast.Tree;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast.Tree;

/// <summary>How many messages may be under way over one link.</summary>
public sealed class LinkCreditTests
{
    private static readonly TimeSpan _quick = TimeSpan.FromMilliseconds(1);

    private readonly LinkCredit _credit = new();
    private Instant _now = new(TimeSpan.TicksPerHour);

    /// <summary>Messages lost so far.</summary>
    private uint _lost;

    [Fact]
    public void A_window_that_is_used_up_and_confirmed_promptly_grows_to_its_bound()
    {
        for (var round = 0; round < 200; round++)
        {
            Fill();
            Confirm();
        }

        Assert.Equal(LinkCredit.MostWindow, _credit.Window);
    }

    [Fact]
    public void A_window_that_is_not_used_up_stays()
    {
        for (var round = 0; round < 200; round++)
        {
            Send(LinkCredit.FirstWindow / 2);
            Confirm();
        }

        Assert.Equal(LinkCredit.FirstWindow, _credit.Window);
    }

    [Fact]
    public void Much_loss_halves_the_window_and_some_does_not()
    {
        Fill();
        Confirm();
        var before = _credit.Window;
        Fill();
        _lost += (uint)before / 20;
        Confirm();
        Assert.InRange(_credit.Window, before, 2 * before);
        before = _credit.Window;
        for (var round = 0; round < 20 && _credit.Window >= before; round++)
        {
            _lost += (uint)_credit.Window / 2;
            Fill();
            Confirm();
            before = Math.Max(before, _credit.Window);
        }

        Assert.InRange(_credit.Window, before / 2, before * 3 / 4);
    }

    /// <summary>A link that loses a tenth of all loses more than an eighth of every fifth window of 32.</summary>
    [Fact]
    public void What_may_be_chance_does_not_halve_the_window_and_more_does()
    {
        for (var half = 0; half < 20; half++)
        {
            Send(32);
            _lost += 6;
            Confirm();
            Assert.Equal(LinkCredit.FirstWindow, _credit.Window);
        }

        Send(32);
        _lost += 14;
        Confirm();
        Assert.Equal(LinkCredit.FirstWindow / 2, _credit.Window);
    }

    [Fact]
    public void Confirmations_that_wait_in_a_queue_make_the_window_smaller()
    {
        Fill();
        Confirm();
        for (var round = 0; round < 20; round++)
        {
            Fill();
            Confirm(delay: TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal(LinkCredit.LeastWindow, _credit.Window);
    }

    [Fact]
    public void What_piles_up_behind_a_neighbour_makes_the_window_smaller()
    {
        Fill();
        Confirm();
        var before = _credit.Window;
        Fill();
        _credit.Confirm(_credit.Sent, _credit.Sent, _now, _quick, pilesUp: true);
        Assert.Equal(before / 2, _credit.Window);
    }

    [Fact]
    public void A_neighbour_cannot_confirm_what_was_never_sent_or_is_confirmed()
    {
        Fill();
        _credit.Confirm(_credit.Sent + 1, _credit.Sent + 1, _now, _quick, pilesUp: false);
        Assert.Equal(LinkCredit.FirstWindow, _credit.UnderWay);
        Confirm();
        _credit.Confirm(_credit.Sent - 10, 0, _now, _quick, pilesUp: false);
        Assert.Equal((0, 2 * LinkCredit.FirstWindow), (_credit.UnderWay, _credit.Window));
    }

    [Fact]
    public void A_neighbour_that_begins_to_count_anew_has_lost_nothing()
    {
        for (var round = 0; round < 5; round++)
        {
            Fill();
            Confirm();
        }

        _lost = _credit.Sent - 3;
        var before = _credit.Window;
        Fill();
        Confirm();
        Assert.InRange(_credit.Window, before, 2 * before);
    }

    [Fact]
    public void A_link_that_carries_little_is_asked_seldom_and_a_full_one_in_time()
    {
        var asked = 0;
        for (var message = 0; message < 1000; message++)
        {
            Send(1);
            if (_credit.WantsConfirmation)
            {
                asked++;
                _credit.OnAsked(_now);
                Confirm();
            }
        }

        Assert.InRange(asked, 1000 / LinkCredit.FirstWindow, (2 * 1000 / LinkCredit.FirstWindow) + 1);
    }

    [Fact]
    public void A_question_that_got_lost_is_asked_again_less_and_less_often()
    {
        Fill();
        var times = new List<TimeSpan>();
        for (var tries = 0; tries < 10; tries++)
        {
            _credit.OnAsked(_now);
            var at = _credit.RetryAt(_quick);
            times.Add(at - _now);
            _now = at;
        }

        Assert.Equal(times.Order(), times);
        Assert.Equal((50, 1000), (times[0].TotalMilliseconds, times[^1].TotalMilliseconds));
        Confirm();
        Assert.Equal(Instant.Never, _credit.RetryAt(_quick));
    }

    [Fact]
    public void Answers_are_as_long_as_questions() => Assert.Equal(CreditReport.SizeBytes, Answer(1, 2).Length);

    private void Send(int messages)
    {
        for (; messages > 0; messages--)
        {
            _credit.OnSent(_now);
        }
    }

    private void Fill() => Send(_credit.Window - _credit.UnderWay);

    private void Confirm(TimeSpan? delay = null)
    {
        _now += TimeSpan.FromMilliseconds(1);
        _credit.Confirm(_credit.Sent, _credit.Sent - _lost, _now, delay ?? _quick, pilesUp: false);
    }
}
