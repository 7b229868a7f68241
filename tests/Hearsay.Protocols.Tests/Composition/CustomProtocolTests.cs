using Hearsay.Protocols.Rumors;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Composition;

public sealed class CustomProtocolTests
{
    [Theory]
    [InlineData(40)]
    [InlineData(5000)]
    public void A_rumor_reaches_everybody(int bytes)
    {
        var (network, protocols) = Start(50);
        network.Run(5 * Swarm.Second);
        var rumor = Enumerable.Range(0, bytes).Select(i => (byte)i).ToArray();
        network.Command(network.Nodes[0], (core, now) => Assert.True(core.Post(now, 150, rumor)));
        network.Run(15 * Swarm.Second);

        Assert.All(network.Nodes, n => Assert.Equal(rumor, Assert.IsType<byte[]>(Assert.Single(n.Events))));
        Assert.True(protocols.Sum(p => p.Acknowledged) > 100, "Replies come back.");
        Assert.All(protocols, p => Assert.True(p.ViewChanges >= 30));
        Assert.Equal(Enumerable.Range(1, protocols[3].Tokens.Count).Select(i => (long)i), protocols[3].Tokens);
        Assert.Equal(20, protocols[3].Tokens.Count);
        Assert.False(protocols[0].SentNowhere);
        Assert.Equal(0, network.Nodes.Sum(n => n.Core.Counters.ProtocolFaults));
    }

    [Fact]
    public void An_answer_longer_than_the_datagram_is_refused_and_counted()
    {
        var (network, protocols) = Start(10);
        network.Run(3 * Swarm.Second);
        network.Command(network.Nodes[0], (core, now) => core.Post(now, 150, new byte[50]));
        network.Run(3 * Swarm.Second);
        Assert.Contains(protocols, p => p.LongReply == false);
        Assert.DoesNotContain(protocols, p => p.LongReply == true);
        Assert.True(network.Dropped(DropReason.Amplification) > 0);
    }

    [Fact]
    public void A_handler_that_throws_is_counted_and_hurts_nobody()
    {
        var good = new RumorProtocol(160);
        var node = new Lone(configure: o => o with { Protocols = [new RumorProtocol { IsBroken = true }, good] });
        node.Push(1, Lone.Of(2));
        node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), 150, RumorProtocol.Rumor, b => b.Byte(9)));
        node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), 160, RumorProtocol.Rumor, b => b.Byte(9)));
        node.Core.Post(node.Now, 150, new byte[1]);
        node.Advance(TimeSpan.FromSeconds(3));

        Assert.True(good.ViewChanges >= 2);
        Assert.Equal([1, 2, 3], good.Tokens);
        Assert.Single(node.Published);
        Assert.True(node.Core.Counters.ProtocolFaults >= 5);
        Assert.All(
            node.Notices.Where(n => n.Kind == NodeNoticeKind.ProtocolFault), n => Assert.Equal(150ul, n.Number));
        Assert.True(node.Core.View.Count > 0 || node.Core.Counters.Evictions == 2);
    }

    [Fact]
    public void An_answer_outside_of_Receive_goes_nowhere()
    {
        var kept = new KeepsContext();
        var node = new Lone(configure: o => o with { Protocols = [kept] });
        node.Receive(Lone.From(1), Lone.Packet(Lone.Id(1), 140, 1, b => b.Zeros(50)));
        Assert.True(kept.Answered);
        var sent = node.Sent.Count;
        Assert.False(kept.Context!.Reply(1, [1]));
        Assert.Equal(sent, node.Sent.Count);
    }

    [Fact]
    public void Several_answers_to_one_datagram_share_its_bytes()
    {
        var kept = new KeepsContext { Answers = 100 };
        var node = new Lone(configure: o => o with { Protocols = [kept] });
        var packet = Lone.Packet(Lone.Id(1), 140, 1, b => b.Zeros(200));
        node.Receive(Lone.From(1), packet);
        Assert.InRange(node.Sent.Sum(s => s.Packet.Length), 37, packet.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_ids_of_padding_and_peer_sampling_are_a_clear_error(byte id)
    {
        var error = Assert.Throws<ArgumentException>(
            () => new Lone(configure: o => o with { Protocols = [new RumorProtocol(id)] }));
        Assert.Contains($"2 to 255, not {id}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_protocols_of_one_id_are_a_clear_error()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new Lone(configure: o => o with { Protocols = [new RumorProtocol(), new RumorProtocol()] }));
        Assert.Contains("Two protocols have the id 150", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_protocol_that_is_not_there_gets_no_command()
    {
        var node = new Lone();
        Assert.False(node.Core.Post(node.Now, 150, new object()));
    }

    private static (VirtualNetwork Network, List<RumorProtocol> Protocols) Start(int nodes)
    {
        var network = new VirtualNetwork();
        var protocols = new List<RumorProtocol>();
        for (var i = 0; i < nodes; i++)
        {
            protocols.Add(new RumorProtocol());
            network.Add(configure: o => o with { Protocols = [protocols[^1]] });
        }

        return (network, protocols);
    }

    private sealed class KeepsContext : IProtocol
    {
        public byte Id => 140;

        public IProtocolContext? Context { get; private set; }

        public int Answers { get; init; } = 1;

        public bool Answered { get; private set; }

        public void Start(IProtocolContext context) => Context = context;

        public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
        {
            for (var i = 0; i < Answers; i++)
            {
                Answered |= context.Reply(1, [1]);
            }
        }
    }
}
