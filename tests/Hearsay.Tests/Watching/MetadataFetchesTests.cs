using Hearsay.Tests.Transport;
using Hearsay.Watching;

namespace Hearsay.Tests.Watching;

public sealed class MetadataFetchesTests
{
    [Fact]
    public async Task An_answer_does_not_speak_for_later_lives_than_the_one_asked_for()
    {
        var network = new MemoryNetwork();
        await using var nodes = await new LiveNodes(network).StartManyAsync(1);
        var fetches = new MetadataFetches();
        var id = new NodeId(4, 4);

        var first = await AnsweredAsync(5, ulong.MaxValue, 66);
        var next = await AnsweredAsync(6, 6, 1);

        Assert.Equal((66, 1), (first, next));

        async Task<int> AnsweredAsync(ulong asked, ulong answered, byte metadata)
        {
            var peer = new Peer(id, new NodeAddresses(network.NewAddress()), asked, 0, null);
            var answer = fetches.GetAsync(peer, nodes.First.Loop, TestContext.Current.CancellationToken).AsTask();
            fetches.Complete(id, answered, [metadata]);
            return (await answer.WaitAsync(Eventually.Deadline))!.Value.Span[0];
        }
    }

    [Fact]
    public async Task What_was_not_answered_when_the_node_stops_fails_with_that_and_so_does_what_is_asked_then()
    {
        var network = new MemoryNetwork();
        await using var nodes = await new LiveNodes(network).StartManyAsync(1);
        var fetches = new MetadataFetches();
        var nobody = new Peer(new NodeId(4, 4), new NodeAddresses(network.NewAddress()), 1, 0, null);
        var answer = fetches.GetAsync(nobody, nodes.First.Loop, TestContext.Current.CancellationToken).AsTask();

        var ended = new ObjectDisposedException("it");
        fetches.Stop(ended);

        Assert.Same(ended, await Record.ExceptionAsync(() => answer.WaitAsync(Eventually.Deadline)));
        Assert.Same(ended, await Record.ExceptionAsync(
            () => fetches.GetAsync(nobody, nodes.First.Loop, TestContext.Current.CancellationToken).AsTask()));
    }
}
