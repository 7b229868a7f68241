using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// A member, or who can speak from its address and sees its traffic, packs a datagram with copies of one frame: its
/// own numbers are right and its address is proven.
/// </summary>
public sealed class PackedFramesTests
{
    /// <summary>
    /// What a neighbour or a member may ask for; its own bounds are those of LinkNumberTests, BroadcastHostileTests and
    /// AntiEntropyHostileTests.
    /// </summary>
    private static readonly string[] _requests =
    [
        "BroadcastFrame.Want", "BroadcastFrame.Fetch", "BroadcastFrame.WantChunks", "BroadcastFrame.Digest",
        "MapFrame.Ask", "MapFrame.Fetch", "MapFrame.Cells", "MapFrame.Want",
    ];

    [Fact]
    public void Copies_of_a_frame_in_a_packet_draw_no_more_bytes_than_they_are()
    {
        var (worst, tried) = (new Dictionary<string, (double Share, int Packets)>(), 0);
        foreach (var sampling in new[] { PeerSamplingOptions.Recommended, PeerSamplingOptions.Cyclon })
        {
            var nodes = new WholeNodes(10, sampling, new VirtualNetworkOptions { Loss = 0.1, KeepsNotices = false });
            nodes.Run(40);
            nodes.Add();
            nodes.Network.Leave(nodes.Members[3].Node);
            nodes.Network.Kill(nodes.Members[5].Node);
            nodes.Run(10);
            foreach (var (protocol, type, name) in FrameTypes.All.Where(static t => !_requests.Contains(t.Name)))
            {
                nodes.Run(1);
                foreach (var one in new Specimens(nodes).Of(protocol, type).Where(static one => one.Target.IsUp))
                {
                    var packet = WholeNodes.Packet(one.Sender, [.. Enumerable.Repeat((protocol, type, one.Body), 120)]);
                    var sender = nodes.Members.First(member => member.Node.Core.Self.Id == one.Sender).Node;
                    var sent = nodes.Inject(one.Target, sender.Address, packet);
                    var share = sent.Sum(static sending => (double)sending.Packet.Length) / packet.Length;
                    var before = worst.GetValueOrDefault(name);
                    worst[name] = (Math.Max(before.Share, share), Math.Max(before.Packets, sent.Count));
                    tried++;
                }
            }
        }

        foreach (var (name, (share, packets)) in worst.Where(static w => w.Value.Share > 0))
        {
            Swarm.Say($"{name}: {share:f2} bytes for one, {packets} packets");
        }

        Assert.True(tried > 500, $"{tried} packets");
        Assert.DoesNotContain(worst, static of => of.Value.Share > 1);
        // A Confirm is answered at the address that it proves. A heartbeat that differs is answered and asked about.
        // News of an orphan goes to all other neighbours where there is no way up: one small packet each.
        Assert.DoesNotContain(worst, static of => of.Value.Packets > of.Key switch
        {
            "NeighbourMessage.Confirm" => 19,
            "MapFrame.Beat" => 2,
            "BroadcastFrame.OrphanReach" => 4,
            _ => 1,
        });
    }
}
