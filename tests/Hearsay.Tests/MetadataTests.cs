using Hearsay.Tests.Transport;

namespace Hearsay.Tests;

public sealed class MetadataTests
{
    [Fact]
    public async Task Metadata_set_at_run_time_is_found_on_the_peer_at_others()
    {
        await using var nodes = await new LiveNodes().StartManyAsync(3);
        await nodes.ViewsHoldAsync(2);
        var before = nodes.First.GetView().Single(peer => peer.Id == nodes.All[2].Id);
        Assert.True(before.HasMetadata);
        Assert.Equal(0, before.Metadata.Length);

        await nodes.All[2].SetMetadataAsync("http=8080"u8.ToArray());

        await Eventually.TrueAsync(
            () => nodes.All.Take(2).All(node => node.GetView().Any(peer => peer.Id == nodes.All[2].Id
                && peer.Metadata.Span.SequenceEqual("http=8080"u8) && peer.Incarnation > before.Incarnation)),
            "both others have it");
    }

    [Fact]
    public async Task Metadata_that_did_not_fit_is_fetched_for_the_whole_view_at_once_and_kept()
    {
        // Six questions to each owner take five of the default cycles of a second: long enough for a busy machine.
        // Where a twentieth of the datagrams is lost all of thirty owners answer but in one run of 300: those whose
        // addresses have never answered are sent four challenges first.
        await using var nodes = new LiveNodes(
            new MemoryNetwork(lossShare: 0.05, seed: 1), new PeerSamplingOptions());
        for (var i = 0; i < 40; i++)
        {
            await nodes.StartAsync(nodes.Options with { Metadata = Large(i) });
        }

        await nodes.ViewsHoldAsync(30);
        // As the view is before it heard from each owner itself.
        var view = nodes.First.GetView()
            .Select(peer => new Peer(peer.Id, peer.Addresses, peer.Incarnation, peer.AgeCycles, null)).ToList();
        var fetched = await Task.WhenAll(view.Select(peer => nodes.First.GetMetadataAsync(peer).AsTask()));
        for (var i = 0; i < view.Count; i++)
        {
            var owner = nodes.All.Select(node => node.Id).ToList().IndexOf(view[i].Id);
            Assert.True(fetched[i].HasValue, $"{view[i]} answered");
            Assert.Equal(Large(owner), fetched[i]!.Value.ToArray());
        }

        var omitted = view[0];
        await nodes.All.Single(node => node.Id == omitted.Id).LeaveAsync();
        Assert.True((await nodes.First.GetMetadataAsync(omitted)).HasValue, "it is in the cache");

        static byte[] Large(int i) => [.. Enumerable.Repeat((byte)i, 255)];
    }

    [Fact]
    public async Task Metadata_of_an_owner_that_is_gone_is_null()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(2);
        await nodes.ViewsHoldAsync(1);
        var peer = nodes.First.GetView()[0];
        await nodes.All[1].CrashAsync();
        var unknown = new Peer(peer.Id, peer.Addresses, peer.Incarnation, 0, null);

        Assert.Null(await nodes.First.GetMetadataAsync(unknown));
        using var cancelled = new CancellationTokenSource();
        var asking = nodes.First.GetMetadataAsync(unknown, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task A_question_for_metadata_ends_with_the_node_at_the_latest()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(2);
        await nodes.ViewsHoldAsync(1);
        var peer = nodes.First.GetView()[0];
        await nodes.All[1].CrashAsync();
        var unknown = new Peer(peer.Id, peer.Addresses, peer.Incarnation, 0, null);

        var last = nodes.First.GetMetadataAsync(unknown).AsTask();
        await nodes.First.LeaveAsync();

        // Leaving takes about as long as the owner has for its answer, so either may be first.
        var thrown = await Record.ExceptionAsync(() => last.WaitAsync(Eventually.Deadline));
        Assert.True(thrown is ObjectDisposedException || (thrown is null && await last is null), $"{thrown}");
    }

    [Fact]
    public async Task Metadata_that_is_too_long_is_refused()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync();
        await node.SetMetadataAsync(new byte[256]);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => node.SetMetadataAsync(new byte[257]));
    }
}
