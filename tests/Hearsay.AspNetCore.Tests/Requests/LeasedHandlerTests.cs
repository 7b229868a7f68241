using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Requests;
using Hearsay.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.AspNetCore.Tests.Requests;

public sealed class LeasedHandlerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_ends_when_nobody_has_asked_for_a_request_for_its_lease()
    {
        await using var node = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = "127.0.0.1:0" }, Cancellation);
        var time = new FakeTimeProvider();
        using var handler = new LeasedHandler(node, "load", time);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(handler.IsOver);
        Assert.Null(await handler.NextAsync(TimeSpan.Zero, Cancellation));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(handler.IsOver);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(handler.IsOver);
    }

    [Fact]
    public async Task While_a_caller_waits_for_a_request_its_lease_does_not_end()
    {
        await using var node = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = "127.0.0.1:0" }, Cancellation);
        var time = new FakeTimeProvider();
        using var handler = new LeasedHandler(node, "load", time);
        using var source = new CancellationTokenSource();
        var next = handler.NextAsync(TimeSpan.FromMinutes(10), source.Token);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(handler.IsOver);
        await source.CancelAsync();
        Assert.Null(await next);
        Assert.False(handler.IsOver);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.True(handler.IsOver);
    }

    [Fact]
    public async Task The_name_of_a_handler_that_has_ended_is_free_again()
    {
        await using var service = await ServiceRun.StartAsync();
        var time = new FakeTimeProvider();
        var served = new ServedNode(service.Services.GetRequiredService<IHearsay>());
        using var resource = new HandlersResource(served, new HearsayHttpLimits(), time);
        resource.HandlerOf("load");
        Assert.Throws<InvalidOperationException>(() => Handle(service.Node));
        time.Advance(TimeSpan.FromSeconds(31));
        resource.Sweep();
        using var own = Handle(service.Node);
    }

    private static IDisposable Handle(GossipNode node) =>
        node.HandleRequests("load", static (request, _) => ValueTask.FromResult(request.Payload));
}
