using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Tests.Up.Display;

public sealed class PulseDisplayTests
{
    [Fact]
    public async Task A_note_is_repeated_with_its_seconds_while_nothing_else_is_shown()
    {
        var (kept, time) = (new KeptDisplay(), new SetTime());
        using var display = new PulseDisplay(kept, time);
        display.Note("Before.");
        time.Pass(seconds: 10);
        await display.ShowAsync(() =>
        {
            display.Note("Working.");
            time.Pass(seconds: 4.5);
            display.Line("line");
            time.Pass(seconds: 1.5);
            return Task.CompletedTask;
        });
        time.Pass(seconds: 10);
        Assert.Equal(["Before.", "Working.", "Working. (2 s)", "Working. (4 s)"], kept.Notes);
    }

    [Fact]
    public async Task Who_shows_rows_all_the_time_needs_no_repetition()
    {
        var (kept, time) = (new KeptDisplay(), new SetTime());
        using var display = new PulseDisplay(kept, time);
        await display.ShowAsync(() =>
        {
            display.Note("Working.");
            for (var line = 0; line < 20; line++)
            {
                time.Pass(seconds: 1);
                display.Line("line");
            }

            return Task.CompletedTask;
        });
        Assert.Equal(["Working."], kept.Notes);
    }

    /// <summary>A time that passes when it is told to, and one timer.</summary>
    private sealed class SetTime : TimeProvider
    {
        private long _now;
        private Action? _look;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(double seconds)
        {
            for (var end = _now + TimeSpan.FromSeconds(seconds).Ticks; _now < end;)
            {
                _now += TimeSpan.FromSeconds(0.25).Ticks;
                _look!();
            }
        }

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(TimeSpan.FromSeconds(0.25), period);
            _look = () => callback(state);
            return new NoTimer();
        }
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class KeptDisplay : IUpDisplay
    {
        public List<string> Notes { get; } = [];

        public bool ShowsSteadyState => true;

        public Task ShowAsync(Func<Task> run) => run();

        public void Note(string text) => Notes.Add(text);

        public void Line(string text)
        {
        }

        public void Row(UpRow row)
        {
        }

        public void Peers(IReadOnlyList<string> lines)
        {
        }

        public void Summary(UpResult result)
        {
        }
    }
}
