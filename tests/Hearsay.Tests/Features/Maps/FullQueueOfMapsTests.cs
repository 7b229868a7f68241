using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Maps;

/// <summary>A node whose handler hangs takes no command any more.</summary>
public sealed class FullQueueOfMapsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_map_that_cannot_be_opened_now_throws_and_can_be_opened_later()
    {
        using var hangs = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var protocol = new TestProtocol
        {
            OnCommand = command =>
            {
                if (command is "hang")
                {
                    hangs.Set();
                    goOn.Wait(Eventually.Deadline);
                }
            },
        };
        var node = await nodes.StartAsync(nodes.Options with { Maps = new MapOptions(), Protocols = [protocol] });
        Assert.True(node.Post(200, "hang"));
        Assert.True(hangs.Wait(Eventually.Deadline, Cancellation));
        while (node.Post(200, "more"))
        {
        }

        Assert.True(Assert.Throws<HearsayException>(() => node.GetMap("m")).IsTransient);
        goOn.Set();
        await Eventually.TrueAsync(() => node.Post(200, "again"), "it takes commands");
        var map = node.GetMap("m");
        Assert.NotEmpty((await map.ReadStatusAsync(Cancellation)).Root);
    }
}
