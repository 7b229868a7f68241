using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Hearsay.Addresses;
using Hearsay.Tests.Threads;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Addresses;

public sealed class NameResolverTests
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    [Fact]
    public async Task Names_are_looked_up_one_at_a_time_and_never_on_the_thread_pool()
    {
        var (running, most, onPool) = (0, 0, false);
        var resolver = new NameResolver(
            _ =>
            {
                onPool |= Thread.CurrentThread.IsThreadPoolThread;
                most = Math.Max(most, Interlocked.Increment(ref running));
                Thread.Yield();
                Interlocked.Decrement(ref running);
                return [IPAddress.Loopback];
            },
            Never);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => resolver.ResolveAsync($"name{i}.test")));

        Assert.Equal((1, false), (most, onPool));
    }

    [Fact]
    public async Task Who_asks_for_a_name_that_is_being_looked_up_shares_the_answer_and_the_next_asks_anew()
    {
        using var gate = new ManualResetEventSlim();
        var calls = 0;
        var resolver = new NameResolver(
            _ =>
            {
                Interlocked.Increment(ref calls);
                gate.Wait();
                return [IPAddress.Loopback];
            },
            Never);

        var first = resolver.ResolveAsync("seeds.test");
        Assert.Same(first, resolver.ResolveAsync("SEEDS.test"));
        gate.Set();
        await first;
        await resolver.ResolveAsync("seeds.test");

        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_silent_name_server_holds_up_the_others_for_the_patience_only_and_is_heard_when_it_answers()
    {
        using var gate = new ManualResetEventSlim();
        var resolver = new NameResolver(
            host =>
            {
                if (host.StartsWith("silent", StringComparison.Ordinal))
                {
                    gate.Wait();
                }

                return [IPAddress.Loopback];
            },
            TimeSpan.FromMilliseconds(50));

        var silent = resolver.ResolveAsync("silent.test");
        var others = Enumerable.Range(0, 10).Select(i => resolver.ResolveAsync($"name{i}.test")).ToList();
        await Task.WhenAll(others).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        Assert.False(silent.IsCompleted);

        gate.Set();
        Assert.Equal([IPAddress.Loopback], await silent);
    }

    [Fact]
    public async Task No_more_than_a_few_lookups_are_left_behind_and_the_rest_come_when_those_have_ended()
    {
        using var gate = new ManualResetEventSlim();
        var begun = new ConcurrentQueue<string>();
        var resolver = new NameResolver(
            host =>
            {
                begun.Enqueue(host);
                gate.Wait();
                return [IPAddress.Loopback];
            },
            TimeSpan.FromMilliseconds(1));

        var all = Enumerable.Range(0, 20).Select(i => resolver.ResolveAsync($"name{i}.test")).ToList();
        await Eventually.TrueAsync(() => begun.Count == NameResolver.MaximumLeftBehind, "four are left behind");
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(NameResolver.MaximumLeftBehind, begun.Count);

        gate.Set();
        await Task.WhenAll(all).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(20, begun.Count);
    }

    [Fact]
    public async Task Where_there_is_no_thread_who_asks_is_told_and_the_next_name_is_looked_up_when_there_is_one()
    {
        var scarce = new Scarce { IsOut = true };
        var resolver = new NameResolver(static _ => [IPAddress.Loopback], Never, scarce.Starter);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Within(resolver, "name.test"));
        Assert.Contains("no more threads", refused.Message, StringComparison.Ordinal);

        scarce.IsOut = false;
        Assert.Equal([IPAddress.Loopback], await Within(resolver, "name.test"));
    }

    [Fact]
    public async Task Where_there_is_no_thread_beside_a_silent_name_server_the_others_are_told_and_the_process_lives()
    {
        using var gate = new ManualResetEventSlim();
        var scarce = new Scarce();
        var resolver = new NameResolver(
            host =>
            {
                if (host == "silent.test")
                {
                    scarce.IsOut = true;
                    gate.Wait();
                }

                return [IPAddress.Loopback];
            },
            TimeSpan.FromMilliseconds(300),
            scarce.Starter);
        var silent = resolver.ResolveAsync("silent.test");
        var others = new[] { resolver.ResolveAsync("a.test"), resolver.ResolveAsync("b.test") };
        foreach (var other in others)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => other.WaitAsync(Eventually.Deadline));
        }

        scarce.IsOut = false;
        Assert.Equal([IPAddress.Loopback], await Within(resolver, "a.test"));
        gate.Set();
        Assert.Equal([IPAddress.Loopback], await silent);
    }

    private static Task<IPAddress[]> Within(NameResolver resolver, string host) =>
        resolver.ResolveAsync(host).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

    [Fact]
    public async Task More_names_than_may_wait_are_refused_and_told()
    {
        using var gate = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var resolver = new NameResolver(
            _ =>
            {
                begun.Set();
                gate.Wait();
                return [IPAddress.Loopback];
            },
            Never);
        var all = new List<Task<IPAddress[]>> { resolver.ResolveAsync("first.test") };
        begun.Wait(TestContext.Current.CancellationToken);
        all.AddRange(Enumerable.Range(0, NameResolver.MaximumWaiting).Select(
            i => resolver.ResolveAsync($"name{i}.test")));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => resolver.ResolveAsync("last.test"));

        Assert.Contains("1024 other names wait", refused.Message, StringComparison.Ordinal);
        gate.Set();
        await Task.WhenAll(all);
    }

    [Fact]
    public async Task A_name_without_an_address_and_a_lookup_that_throws_are_errors_and_end_no_thread()
    {
        var resolver = new NameResolver(
            host => host switch
            {
                "empty.test" => [],
                "broken.test" => throw new NotSupportedException("broken"),
                _ => [IPAddress.Loopback],
            },
            Never);

        await Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("empty.test"));
        await Assert.ThrowsAsync<NotSupportedException>(() => resolver.ResolveAsync("broken.test"));
        Assert.Single(await resolver.ResolveAsync("fine.test"));
    }
}
