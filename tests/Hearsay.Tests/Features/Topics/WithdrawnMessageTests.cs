using Hearsay.Diagnostics;
using Hearsay.Features.Contract;
using Hearsay.Features.Topics;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Tests.Loop;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Topics;

/// <summary>A message that waits for the links and whose publisher gives up, while the node takes no command.</summary>
public sealed class WithdrawnMessageTests
{
    [Fact]
    public async Task What_waits_is_taken_back_as_soon_as_the_node_takes_commands_again()
    {
        using var transport = new SendHook();
        var (published, withdrawn) = (0, 0);
        var waits = new TestProtocol
        {
            Id = BroadcastFrame.Protocol,
            OnCommand = command =>
            {
                published += command is PublishCommand ? 1 : 0;
                if (command is WithdrawCommand back)
                {
                    withdrawn++;
                    back.Publish.Done!(PublishOutcome.Withdrawn, default);
                }
            },
        };
        var loop = Loops.With(new ManualScheduler(), transport, null, waits);
        var service = new TopicService(TimeProvider.System, new BroadcastOptions());
        var host = new FeatureHost(loop, new NodeLog(null), new FeatureSet(new GossipNodeOptions(), []));
        service.Attach(host, new BroadcastProtocol(
            new BroadcastOptions(), new StaticNeighbours(new NodeId(1, 1), []), service), "default");
        loop.Start();
        using var given = new CancellationTokenSource();
        var publishing = service.PublishAsync(
            "t", "t"u8.ToArray(), new byte[8], isTracked: false, given.Token);
        loop.Run();
        Assert.Equal(1, published);

        while (loop.Post(static (_, _) => { }))
        {
        }

        var refused = loop.CommandsRefused;
        await given.CancelAsync();
        await Eventually.TrueAsync(() => loop.CommandsRefused > refused, "the node has no room for the command");
        Assert.Equal((0, false), (withdrawn, publishing.IsCompleted));

        await Eventually.TrueAsync(
            () =>
            {
                loop.Run();
                return publishing.IsCompleted;
            },
            "it is taken back");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
        Assert.Equal(1, withdrawn);
        loop.Stop(leave: false);
    }
}
