using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;
using Hearsay.Simulation.Neighbours;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>
/// Somebody with many ids and a real address for each asks everybody for links with high priority, and answers as a
/// node does.
/// </summary>
public sealed class ManyIdentitiesTests
{
    private const int Honest = 40;
    private const int Identities = 60;
    private const int FirstIdentity = 5000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly NeighbourSwarm _swarm = new();
    private readonly Queue<(VirtualNode To, int From, byte Protocol, byte Type, byte[] Body)> _answers = [];

    private byte _priority;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Campaign]
    public void Sixty_identities_displace_each_other_and_honest_links_stay(byte priority)
    {
        _priority = priority;
        _swarm.Add(Honest, TimeSpan.FromMilliseconds(20));
        _swarm.Network.Run(TimeSpan.FromSeconds(90));
        var before = HonestLinks();
        Listen();
        var random = new SeededRandom(7);
        for (var tick = 0; tick < 600; tick++)
        {
            foreach (var node in _swarm.Network.Nodes)
            {
                Ask(node, FirstIdentity + random.Below(Identities));
                Ask(node, FirstIdentity + random.Below(Identities));
            }

            _swarm.Network.Run(Tick);
            Answer();
            if (tick is 49 or 299 or 599)
            {
                Swarm.Say($"{(tick + 1) / 10} s: {HonestLinks():f2} honest links of {before:f2}, "
                    + $"{_swarm.LargestComponent()} of {Honest} together, {_swarm.Sum(c => c.Displaced)} displaced");
            }
        }

        Assert.True(_swarm.Sum(c => c.Displaced) > 5_000);
        Assert.InRange(HonestLinks(), 2, 5);
        Assert.Equal(Honest, _swarm.LargestComponent());
    }

    private void Ask(VirtualNode node, int identity) =>
        Say(node, identity, NeighbourMessage.Protocol, NeighbourMessage.Ask, body => body
            .UInt64((ulong)identity).Id(node.Core.Self.Id).Byte(_priority).Entries(Lone.Of(identity))
            .PadTo(NeighbourMessage.AskBytes));

    private void Say(VirtualNode node, int identity, byte protocol, byte type, Action<Lone.Body> write) =>
        _swarm.Network.Inject(
            node, new Link(Lone.At(identity), LinkKind.Datagram),
            Lone.Packet(Lone.Id(identity), protocol, type, write));

    /// <summary>What goes to the identities waits until time stands still.</summary>
    private void Listen()
    {
        foreach (var node in _swarm.Network.Nodes)
        {
            node.OnSend = (to, packet) =>
            {
                var identity = (int)(to.Address.IPv4Bits - Lone.At(0).IPv4Bits);
                var reader = new WireReader(packet.AsSpan(Envelope.SizeBytes));
                while (identity >= FirstIdentity
                    && Frame.TryRead(ref reader, out var protocol, out var type, out var body))
                {
                    _answers.Enqueue((node, identity, protocol, type, body.ToArray()));
                }
            };
        }
    }

    private void Answer()
    {
        while (_answers.TryDequeue(out var frame))
        {
            var (node, identity, protocol, type, body) = frame;
            if ((protocol, type) == (Frame.Node, Frame.Challenge))
            {
                Say(node, identity, Frame.Node, Frame.Echo, b => b.Raw(body));
            }
            else if ((protocol, type) == (NeighbourMessage.Protocol, NeighbourMessage.Accept))
            {
                Say(node, identity, protocol, NeighbourMessage.Confirm, b => b.UInt64(body.NumberAt(8))
                    .UInt64((ulong)identity).Byte(_priority).Zeros(4).Entries(Lone.Of(identity)));
            }
            else if ((protocol, type) == (NeighbourMessage.Protocol, NeighbourMessage.Ping))
            {
                Say(node, identity, protocol, NeighbourMessage.Pong, b => b.Raw(body));
            }
        }
    }

    /// <summary>The mean number of links to honest nodes.</summary>
    private double HonestLinks() =>
        (_swarm.Up.Sum(_swarm.Count) - _swarm.Dead()) / (double)Honest;
}
