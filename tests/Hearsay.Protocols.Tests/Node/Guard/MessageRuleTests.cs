using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Requests;
using Hearsay.Protocols.Rotation;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// The rule for every message of every protocol: in handling one input from an address that is not proven a node sends
/// no more bytes and packets than it received, to whomever; to an address that never answered it sends one small packet
/// a cycle until its tries are used up.
/// </summary>
public sealed class MessageRuleTests
{
    /// <summary>Every frame type there is. Who adds one writes it here, and the test below tries it.</summary>
    private static readonly string[] _known =
    [
        "Frame.Padding", "Frame.Challenge", "Frame.Echo", "Frame.Piece", "Frame.PieceReceipt",
        "SamplingMessage.Request", "SamplingMessage.Reply", "SamplingMessage.Leave", "SamplingMessage.MetadataRequest",
        "SamplingMessage.Metadata", "SamplingMessage.Walk", "SamplingMessage.Gift", "SamplingMessage.Refusal",
        "NeighbourMessage.Ask", "NeighbourMessage.Accept", "NeighbourMessage.Refuse", "NeighbourMessage.Confirm",
        "NeighbourMessage.Disconnect", "NeighbourMessage.Ping", "NeighbourMessage.Pong",
        "NeighbourMessage.ForwardJoin", "NeighbourMessage.Shuffle", "NeighbourMessage.ShuffleReply",
        "BroadcastFrame.Message", "BroadcastFrame.Have", "BroadcastFrame.Want", "BroadcastFrame.Gone",
        "BroadcastFrame.Graft", "BroadcastFrame.Prune", "BroadcastFrame.Coming", "BroadcastFrame.Digest",
        "BroadcastFrame.Fetch", "BroadcastFrame.WantChunks", "BroadcastFrame.Chunk", "BroadcastFrame.Reach",
        "BroadcastFrame.Farewell", "BroadcastFrame.Lacking", "BroadcastFrame.NoChunks", "BroadcastFrame.Credit",
        "BroadcastFrame.OrphanReach",
        "RumorMessage.Rumors", "RumorMessage.Pull", "RumorMessage.Feedback",
        "AggregationMessage.Ask", "AggregationMessage.Information", "AggregationMessage.Request",
        "AggregationMessage.Answer", "AggregationMessage.Definitions",
        "FlowUpdatingMessage.Exchange", "FlowUpdatingMessage.Answer", "FlowUpdatingMessage.Refuse",
        "FlowUpdatingMessage.Probe", "PushSumMessage.Push", "TournamentMessage.Pull", "TournamentMessage.Answer",
        "MapFrame.Beat", "MapFrame.Ask", "MapFrame.Offer", "MapFrame.Fetch", "MapFrame.Piece", "MapFrame.Cells",
        "MapFrame.Chunk", "MapFrame.Want", "MapFrame.End", "MapFrame.Has", "MapFrame.Had",
        "MapFrame.Folds",
        "RequestMessage.Ask", "RequestMessage.Answer", "RequestMessage.Working", "RequestMessage.Poll",
        "RequestMessage.Cancel", "RequestMessage.Close",
        "KeyringMessage.Ask", "KeyringMessage.Keys", "KeyringMessage.Same",
    ];

    /// <summary>What honest nodes hardly ever send is made of another message of the same form.</summary>
    private static readonly Dictionary<string, (byte Protocol, byte Type)> _made = new()
    {
        ["Frame.Padding"] = (NeighbourMessage.Protocol, NeighbourMessage.Ping),
        ["Frame.Challenge"] = (NeighbourMessage.Protocol, NeighbourMessage.Ping),
        ["Frame.Echo"] = (NeighbourMessage.Protocol, NeighbourMessage.Ping),
        ["Frame.Piece"] = (NeighbourMessage.Protocol, NeighbourMessage.Ping),
        ["Frame.PieceReceipt"] = (NeighbourMessage.Protocol, NeighbourMessage.Ping),
        ["BroadcastFrame.Gone"] = (BroadcastFrame.Protocol, BroadcastFrame.Want),
        ["BroadcastFrame.Coming"] = (BroadcastFrame.Protocol, BroadcastFrame.Want),
        ["BroadcastFrame.Farewell"] = (BroadcastFrame.Protocol, BroadcastFrame.Want),
        ["BroadcastFrame.Lacking"] = (BroadcastFrame.Protocol, BroadcastFrame.Want),
        ["BroadcastFrame.NoChunks"] = (BroadcastFrame.Protocol, BroadcastFrame.Want),
        ["BroadcastFrame.Credit"] = (BroadcastFrame.Protocol, BroadcastFrame.Want),
        ["BroadcastFrame.OrphanReach"] = (BroadcastFrame.Protocol, BroadcastFrame.Reach),
        ["RequestMessage.Close"] = (RequestMessage.Protocol, RequestMessage.Cancel),
        ["MapFrame.Fetch"] = (MapFrame.Protocol, MapFrame.Offer),
        ["MapFrame.Piece"] = (MapFrame.Protocol, MapFrame.Offer),
        ["MapFrame.Cells"] = (MapFrame.Protocol, MapFrame.Offer),
        ["MapFrame.Chunk"] = (MapFrame.Protocol, MapFrame.Offer),
        ["MapFrame.Want"] = (MapFrame.Protocol, MapFrame.Offer),
        ["MapFrame.End"] = (MapFrame.Protocol, MapFrame.Offer),
        ["MapFrame.Has"] = (MapFrame.Protocol, MapFrame.Ask),
        ["MapFrame.Had"] = (MapFrame.Protocol, MapFrame.Ask),
        ["MapFrame.Folds"] = (MapFrame.Protocol, MapFrame.Offer),
        ["KeyringMessage.Keys"] = (KeyringMessage.Protocol, KeyringMessage.Ask),
        ["SamplingMessage.Refusal"] = (SamplingMessage.Protocol, SamplingMessage.Leave),
    };

    [Fact]
    public void Every_frame_type_of_every_protocol_is_known_here()
    {
        Assert.Equal(_known.Order(StringComparer.Ordinal),
            FrameTypes.All.Select(static t => t.Name).Order(StringComparer.Ordinal));
        var protocols = typeof(IProtocol).Assembly.GetTypes()
            .Where(static type => type is { IsAbstract: false, IsClass: true })
            .Where(static type => typeof(IProtocol).IsAssignableFrom(type))
            .Select(static type => type.Name);
        Assert.Equal(
            [
                "AggregationProtocol", "AntiEntropyProtocol", "BroadcastProtocol", "FlowUpdatingProtocol",
                "KeyringProtocol", "NeighboursProtocol", "PushSumProtocol", "RequestProtocol", "RumorProtocol",
                "TournamentProtocol",
            ],
            protocols.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_message_of_any_protocol_draws_more_than_it_brings()
    {
        var tried = new HashSet<string>();
        var broken = new List<string>();
        foreach (var sampling in new[] { PeerSamplingOptions.Recommended, PeerSamplingOptions.Cyclon })
        {
            var nodes = new WholeNodes(10, sampling, new VirtualNetworkOptions { Loss = 0.1, KeepsNotices = false });
            Stir(nodes);
            var (rule, specimens) = (new StrangerRule(nodes), new Specimens(nodes));
            foreach (var (protocol, type, name) in FrameTypes.All)
            {
                nodes.Run(1);
                var (like, form) = _made.TryGetValue(name, out var other) ? other : (protocol, type);
                foreach (var one in specimens.Of(like, form))
                {
                    var specimen = one with { Protocol = protocol, Type = type };
                    tried.Add(name);
                    broken.AddRange(Hit(rule, specimen).Select(text => $"{name}: {text}"));
                }

                // The network goes on, so that the next type meets live links and names.
                specimens = new Specimens(nodes);
            }

            nodes.Run(12);
            broken.AddRange(rule.Judge() is { } text ? [text] : Array.Empty<string>());
            Assert.True(rule.Hits > 1000, $"{rule.Hits} packets");
            Assert.True(rule.AnsweredBytes > 10_000, "Nothing was answered.");
        }

        Assert.Equal([], FrameTypes.All.Select(static t => t.Name).Except(tried));
        Assert.True(broken.Count == 0, string.Join("\n", broken.Take(20)));
    }

    /// <summary>A network in which everything happens: joins, leaves, large messages, losses, fetches.</summary>
    private static void Stir(WholeNodes nodes)
    {
        nodes.Run(30);
        nodes.Add();
        nodes.Members[0].Define(new AggregateDefinition("late", AggregateKind.Variance));
        nodes.Run(10);
        nodes.Network.Leave(nodes.Members[3].Node);
        nodes.Network.Kill(nodes.Members[5].Node);
        foreach (var member in nodes.Members.Where(static member => member.Node.IsUp))
        {
            nodes.Network.Command(member.Node, static (core, now) =>
                core.FetchMetadata(now, core.View.Copy() is [var first, ..] ? first : default));
        }

        nodes.Run(10);
        nodes.Add();
        nodes.Run(5);
    }

    /// <summary>The frame alone, packed, padded and after a challenge, each from an address never seen.</summary>
    private static List<string> Hit(StrangerRule rule, Specimens.Specimen specimen)
    {
        var frame = (specimen.Protocol, specimen.Type, specimen.Body);
        (byte, byte, byte[]) challenge = (Frame.Node, Frame.Challenge, [1, 2, 3, 4, 5, 6, 7, 8]);
        var rest = 1100 - Math.Min(1090, specimen.Body.Length);
        (byte, byte, byte[]) padding = (Frame.Node, Frame.Padding, new byte[rest]);
        (byte, byte, byte[])[][] packets =
        [
            [frame], [.. Enumerable.Repeat(frame, 80)], [frame, padding], [challenge, frame],
            [challenge, .. Enumerable.Repeat(frame, 80)], [frame, frame, challenge, padding],
        ];
        var broken = new List<string>();
        for (var i = 0; i < packets.Length; i++)
        {
            var from = VirtualNetwork.AddressOf(5000 + rule.Hits);
            if (rule.Hit(specimen.Target, from, WholeNodes.Packet(specimen.Sender, packets[i])) is { } text)
            {
                broken.Add($"packet {i}: {text}");
            }
        }

        return broken;
    }
}
