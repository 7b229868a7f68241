using Hearsay.Features.Topics;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Features.Topics;

/// <summary>How long publishers wait for a first link, on a clock of the test's own.</summary>
public sealed class LinkPatienceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LinkPatience _patience;

    public LinkPatienceTests() => _patience = new LinkPatience(_time);

    [Fact]
    public async Task A_publisher_waits_until_its_message_is_sent()
    {
        var sent = new TaskCompletionSource();
        var waiting = _patience.WaitAsync(sent.Task, default);
        Assert.False(waiting.IsCompleted);
        sent.SetResult();
        await waiting;
    }

    [Fact]
    public async Task All_wait_together_until_the_first_has_waited_long_enough_and_later_ones_not_at_all()
    {
        var first = _patience.WaitAsync(Never, default);
        _time.Advance(0.75 * LinkPatience.Longest);
        var second = _patience.WaitAsync(Never, default);
        Assert.False(first.IsCompleted || second.IsCompleted);
        _time.Advance(0.25 * LinkPatience.Longest);
        await Task.WhenAll(first, second);
        await _patience.WaitAsync(Never, default);
    }

    [Fact]
    public async Task After_a_message_was_sent_they_wait_again()
    {
        var first = _patience.WaitAsync(Never, default);
        _time.Advance(LinkPatience.Longest);
        await first;
        var sent = new TaskCompletionSource();
        sent.SetResult();
        await _patience.WaitAsync(sent.Task, default);
        Assert.False(_patience.WaitAsync(Never, default).IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_waiting_has_published_all_the_same()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = _patience.WaitAsync(Never, cancellation.Token);
        await cancellation.CancelAsync();
        await waiting;
    }

    private static Task Never => new TaskCompletionSource().Task;
}
