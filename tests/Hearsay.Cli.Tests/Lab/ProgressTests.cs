using Hearsay.Cli.Lab;

namespace Hearsay.Cli.Tests.Lab;

public sealed class ProgressTests
{
    [Fact]
    public void The_time_left_is_not_told_before_it_is_known()
    {
        Assert.Equal("verify: 0 %, 2 s so far", ProgressText.Of("verify", 0.0006, TimeSpan.FromSeconds(2.14)));
        Assert.Equal("verify: 4 %, 60 s so far", ProgressText.Of("verify", 0.04, TimeSpan.FromSeconds(60)));
        Assert.Equal("verify: 50 %, 3 s so far", ProgressText.Of("verify", 0.5, TimeSpan.FromSeconds(3)));
        Assert.Equal("verify: 25 %, about 60 s left", ProgressText.Of("verify", 0.25, TimeSpan.FromSeconds(20)));
        Assert.Equal("drawing, 7 s so far", ProgressText.Of("drawing", double.NaN, TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public void Nothing_done_leaves_no_time_to_tell_of()
    {
        // A share of 0 has no time left that is a number: the timer that shows it would end the process.
        foreach (var since in new[] { 0, 9, 10, 11 })
        {
            Assert.Equal("fuzz: 0 %, 10 s so far", ProgressText.Of(
                "fuzz", 0, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(since)));
        }
    }

    [Theory]
    [InlineData(20, 0, "verify: 20 %, about 80 s left")]
    [InlineData(50, 30, "verify: 20 %, about 50 s left")]
    [InlineData(90, 70, "verify: 20 %, about 10 s left")]
    [InlineData(110, 90, "verify: 20 %, 110 s so far")]
    public void While_nothing_is_reported_the_time_left_does_not_grow(int elapsed, int since, string expected) =>
        Assert.Equal(expected, ProgressText.Of(
            "verify", 0.2, TimeSpan.FromSeconds(elapsed), TimeSpan.FromSeconds(since)));

    [Fact]
    public async Task A_run_that_reports_nothing_is_not_silent()
    {
        using var error = new FirstLine();
        using (new ProgressLine(error, "quiet"))
        {
            var line = await error.Written.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
            Assert.Matches(@"^quiet: 0 %, \d+ s so far$", line);
        }
    }

    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _written =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Written => _written.Task;

        public override void WriteLine(string? value) => _written.TrySetResult(value!);
    }
}
