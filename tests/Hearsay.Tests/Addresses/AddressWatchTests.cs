using Hearsay.Addresses;
using Hearsay.Tests.Identity;

namespace Hearsay.Tests.Addresses;

public sealed class AddressWatchTests
{
    private readonly DescribedHost _host = new();
    private readonly HandTime _time = new();
    private int _looks;

    [Fact]
    public void Many_changes_within_a_second_are_one_look_and_a_stream_of_them_puts_it_off_no_further()
    {
        using var watch = new AddressWatch(_host, _time, Look);
        for (var i = 0; i < 30; i++)
        {
            _host.Become();
            _time.Advance(AddressWatch.Settling / 10);
        }

        Assert.InRange(_looks, 2, 3);
        _time.Advance(AddressWatch.Settling);
        var looks = _looks;
        _time.Advance(100 * AddressWatch.Settling);
        Assert.Equal(looks, _looks);
    }

    [Fact]
    public void What_could_not_be_told_is_tried_again()
    {
        using var watch = new AddressWatch(_host, _time, () => Task.FromResult(++_looks == 3));
        _host.Become();
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(AddressWatch.Settling);
        }

        Assert.Equal(3, _looks);
    }

    [Fact]
    public void A_look_that_throws_is_tried_again_ever_more_rarely_and_at_once_after_the_next_change()
    {
        var fails = true;
        using var watch = new AddressWatch(_host, _time, () =>
        {
            _looks++;
            return fails ? throw new System.Net.Sockets.SocketException(1) : Task.FromResult(true);
        });
        _host.Become();
        for (var second = 0; second < 3600; second++)
        {
            _time.Advance(AddressWatch.Settling);
        }

        Assert.InRange(_looks, 60, 70);
        var looks = _looks;
        fails = false;
        _host.Become();
        _time.Advance(AddressWatch.Settling);
        Assert.Equal(looks + 1, _looks);
        _time.Advance(AddressWatch.LongestPause);
        Assert.Equal(looks + 1, _looks);
    }

    [Fact]
    public void A_change_during_a_look_is_looked_at_when_that_is_done()
    {
        var first = new TaskCompletionSource<bool>();
        using var watch = new AddressWatch(
            _host, _time, () => ++_looks == 1 ? first.Task : Task.FromResult(true));
        _host.Become();
        _time.Advance(AddressWatch.Settling);
        _host.Become();
        _time.Advance(AddressWatch.Settling);
        _time.Advance(AddressWatch.Settling);
        Assert.Equal(1, _looks);
        first.SetResult(true);
        _time.Advance(AddressWatch.Settling);
        Assert.Equal(2, _looks);
    }

    [Fact]
    public void Nothing_is_looked_at_once_it_is_disposed()
    {
        var watch = new AddressWatch(_host, _time, Look);
        _host.Become();
        watch.Dispose();
        Assert.Equal(0, _host.Watchers);
        _time.Advance(10 * AddressWatch.Settling);
        Assert.Equal(0, _looks);
    }

    private Task<bool> Look()
    {
        _looks++;
        return Task.FromResult(true);
    }

    /// <summary>A clock that a test moves by hand; timers fire on the way.</summary>
    private sealed class HandTime : TimeProvider
    {
        private readonly List<HandTimer> _timers = [];
        private TimeSpan _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HandTimer(this, () => callback(state));
            timer.Change(dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        public void Advance(TimeSpan span)
        {
            _now += span;
            foreach (var timer in _timers.Where(timer => timer.Due <= _now).ToArray())
            {
                timer.Due = TimeSpan.MaxValue;
                timer.Fire();
            }
        }

        private sealed class HandTimer(HandTime time, Action fire) : ITimer
        {
            public TimeSpan Due { get; set; }

            public Action Fire => fire;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : time._now + dueTime;
                return true;
            }

            public void Dispose() => Due = TimeSpan.MaxValue;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
