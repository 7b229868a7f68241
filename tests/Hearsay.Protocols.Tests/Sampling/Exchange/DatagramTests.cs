using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

/// <summary>
/// How large packets are, which way they go, and that nobody is made to send more than was sent to it.
/// </summary>
public sealed class DatagramTests
{
    [Theory]
    [InlineData("recommended", 30, 0)]
    [InlineData("recommended", 30, 32)]
    [InlineData("recommended", 60, 0)]
    [InlineData("newscast", 20, 16)]
    [InlineData("cyclon", 20, 100)]
    public void Answers_over_datagrams_are_never_longer_than_their_requests(string preset, int viewSize, int metadata)
    {
        PeerSamplingOptions.TryGetPreset(preset, out var options);
        var network = new VirtualNetwork(new() { Loss = 0.02, Duplication = 0.02 });
        var longest = new Dictionary<ulong, int>();
        var (answers, shortened) = (0, 0L);
        for (var i = 0; i < 80; i++)
        {
            var node = network.Add(options.WithViewSize(viewSize), configure: o => o with
            {
                Self = new SelfDescription(o.Self.Id, 1, o.Self.Addresses, new byte[metadata]),
            });
            node.OnSend = (to, packet) =>
            {
                Assert.True(packet.Length <= Envelope.MaximumDatagramBytes);
                Assert.Equal(LinkKind.Datagram, to.Kind);
                var (protocol, type, body) = Swarm.FirstFrame(packet);
                if (protocol != SamplingMessage.Protocol)
                {
                    return;
                }

                if (type == SamplingMessage.Request)
                {
                    longest[new WireReader(body).ReadUInt64()] = packet.Length;
                }
                else if (type == SamplingMessage.Reply)
                {
                    answers++;
                    Assert.True(packet.Length <= longest[new WireReader(body).ReadUInt64()]);
                }
            };
        }

        network.Run(30 * Swarm.Second);
        shortened = network.Nodes.Sum(n => n.Core.Counters.AnswersShortened);
        Assert.True(answers > 1000);
        Assert.True(shortened < 0.05 * answers || viewSize > 30, $"{shortened} of {answers} shortened");
        Assert.Equal(0, network.Dropped(DropReason.Amplification));
    }

    [Fact]
    public void Many_requests_in_one_datagram_get_no_more_bytes_than_the_datagram_had()
    {
        var node = new Lone();
        node.Push(1, [.. Enumerable.Range(2, 14).Select(i => Lone.Of(i))]);
        node.Sent.Clear();
        var writer = new WireWriter(new byte[1200]);
        writer.WriteZeros(Envelope.SizeBytes);
        for (var i = 0ul; i < 30; i++)
        {
            var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Request);
            new ExchangeRequest(500 + i, NodeId.None, ExchangeMode.Pull, 0).Write(ref writer);
            Frame.End(ref writer, start);
        }

        Envelope.Seal(writer.Written, Envelope.LabelOf("default"), Lone.Id(9));
        node.Receive(Lone.From(9), writer.Written.ToArray());
        Assert.True(node.Sent.Sum(s => s.Packet.Length) <= writer.Position);
        Assert.NotEmpty(node.Sent);
    }

    [Theory]
    [InlineData(SamplingMessage.Request, 62)]
    [InlineData(SamplingMessage.MetadataRequest, 60)]
    public void A_short_question_gets_a_short_answer_or_none(byte type, int bytes)
    {
        var node = new Lone(configure: o => o with
        {
            Self = new SelfDescription(o.Self.Id, 1, o.Self.Addresses, new byte[256]),
        });
        node.Push(1, Lone.Of(2));
        node.Sent.Clear();
        node.Receive(Lone.From(3), Lone.Packet(Lone.Id(3), type, b =>
        {
            b.UInt64(4711).Id(type == SamplingMessage.Request ? NodeId.None : Lone.Id(0));
            if (type == SamplingMessage.Request)
            {
                b.Byte((byte)ExchangeMode.Pull).Byte(0);
            }
        }));
        Assert.True(node.Sent.Sum(s => s.Packet.Length) <= bytes);
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.Amplification));
    }

    [Fact]
    public void A_view_of_256_goes_over_streams_and_converges()
    {
        var options = PeerSamplingOptions.Recommended with { ViewSize = 256 };
        var network = Swarm.Start(300, options);
        var (streams, longest) = (0, 0);
        foreach (var node in network.Nodes)
        {
            node.OnSend = (to, packet) =>
            {
                streams += to.Kind == LinkKind.Stream ? 1 : 0;
                longest = Math.Max(longest, packet.Length);
            };
        }

        network.Run(12 * Swarm.Second);
        Assert.True(streams > 1000);
        Assert.InRange(longest, 128 * 34, Envelope.MaximumStreamBytes);
        Assert.Single(network.Components());
        Assert.All(network.Nodes, n => Assert.True(n.Core.View.Count >= 250));
    }

    [Fact]
    public void Nonces_cannot_be_computed_from_one_that_was_seen()
    {
        var node = new Lone(PeerSamplingOptions.Recommended with { Fanout = 2, Selection = PeerSelection.Rand });
        node.Push(1, Lone.Of(2));
        node.Sent.Clear();
        node.BeginCycle();
        var nonces = node.Sent.Select(s => Swarm.ReadExchange(s.Packet).Nonce).ToArray();

        // The generator's step is known to everybody and its mixing can be undone.
        const ulong golden = 0x9E37_79B9_7F4A_7C15;
        var state = Unmix(nonces[0]);
        for (var draws = 1ul; draws < 200; draws++)
        {
            Assert.NotEqual(nonces[1], SeededRandom.Mix(state + (draws * golden)));
        }

        Assert.Equal(42ul, Unmix(SeededRandom.Mix(42)));
    }

    private static ulong Unmix(ulong value)
    {
        value = Unshift(value, 31) * 0x3196_42B2_D24D_8EC3;
        value = Unshift(value, 27) * 0x96DE_1B17_3F11_9089;
        return Unshift(value, 30);
    }

    private static ulong Unshift(ulong value, int shift)
    {
        var result = value;
        for (var i = 0; i < 3; i++)
        {
            result = value ^ (result >> shift);
        }

        return result;
    }
}
