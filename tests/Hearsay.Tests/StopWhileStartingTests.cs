using System.Net;
using Hearsay.Addresses;
using Hearsay.Protocols;
using Hearsay.Tests.Features.Contract;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests;

/// <summary>The first packet a node receives, while the rest of it still starts, may tell it to stop.</summary>
public sealed class StopWhileStartingTests
{
    [Fact]
    public async Task A_node_whose_id_is_taken_before_it_has_started_whole_starts_and_then_stops_and_leaves_nothing()
    {
        SampleFeature? sample = null;
        var description = SampleFeature.Description with { Create = _ => sample = new SampleFeature() };
        var endedEarly = true;
        using var host = new LateHost(() =>
        {
            INodeDriver loop = sample!.Host!.Loop;
            loop.Notify(new NodeNotice(NodeNoticeKind.IdTaken, new NodeId(1, 2), NodeAddress.FromIPv4(1, 7)));
            endedEarly = SpinWait.SpinUntil(() => sample.Ends.Count > 0, TimeSpan.FromMilliseconds(300));
        });
        var options = new GossipNodeOptions { Bind = "0.0.0.0:0", Host = host };

        var node = await GossipNode.StartWithAsync(options, [description], TestContext.Current.CancellationToken);
        var stopped = await Assert.ThrowsAsync<IdConflictException>(
            () => node.Completion.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));

        Assert.False(endedEarly);
        Assert.Equal(new NodeId(1, 2), stopped.Id);
        Assert.Equal([nameof(ObjectDisposedException)], sample!.Ends);
        Assert.True(host.IsForgotten);
    }

    private sealed class LateHost(Action watched) : IHostNetwork, IDisposable
    {
        public bool IsForgotten { get; private set; }

        public IReadOnlyList<HostAddress> Addresses => HostNetwork.System.Addresses;

        public IPAddress? Towards(IPEndPoint target) => HostNetwork.System.Towards(target);

        public IDisposable Watch(Action changed)
        {
            watched();
            return this;
        }

        public void Dispose() => IsForgotten = true;
    }
}
