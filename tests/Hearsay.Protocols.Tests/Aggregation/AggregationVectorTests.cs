using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;


namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>The messages printed in docs/protocols/aggregation.md, byte for byte.</summary>
public sealed class AggregationVectorTests
{
    private readonly AggregateDefinition _cpu = new("cpu", AggregateKind.Average);

    private ulong Id => AggregateDefinitionCodec.IdOf(_cpu);

    [Fact]
    public void Every_block_of_the_page_is_replayed_here() => Assert.Equal(
        ["request", "answer", "wants", "definitions", "ask", "information"], DocumentedHex.NamesOf("aggregation.md"));

    [Fact]
    public void A_node_answers_the_documented_request_with_the_documented_answer()
    {
        var (node, machine) = Make(1.5);
        node.Receive(Lone.From(3), AggregationScenarios.Packet(AggregationMessage.Request, Documented("request")));
        AssertSends(node, AggregationMessage.Answer, "answer");
        Assert.Equal(2.5, machine.Table.Find(Id)!.State.Value);

        // Once more, and nothing changes.
        node.Receive(Lone.From(3), AggregationScenarios.Packet(AggregationMessage.Request, Documented("request")));
        Assert.Equal(node.Sent[0].Packet, node.Sent[1].Packet);
        Assert.Equal(2.5, machine.Table.Find(Id)!.State.Value);
        Assert.Equal(1, machine.Counters.AnswersRepeated);
    }

    [Fact]
    public void A_node_asks_what_a_request_names_and_is_told()
    {
        var (learns, machine) = Make();
        learns.Receive(Lone.From(3), AggregationScenarios.Packet(AggregationMessage.Request, Documented("request")));
        var token = Swarm.FirstFrame(Assert.Single(learns.Sent).Packet).Body.NumberAt(TokenAt);
        AssertSends(learns, AggregationMessage.Answer, "wants", (TokenAt, token));
        learns.Receive(
            Lone.From(3), AggregationScenarios.Packet(AggregationMessage.Definitions, Documented("definitions")));
        Assert.Null(machine.Table.Find(Id));
        learns.Receive(Lone.From(3), AggregationScenarios.Packet(
            AggregationMessage.Definitions, Documented("definitions").With(0, token)));
        Assert.Equal(_cpu, machine.Table.Find(Id)!.Definition);

        var (tells, _) = Make(1.5, then: static lone => lone.Push(3));
        var number = Swarm.FirstFrame(Assert.Single(tells.Sent, IsRequest).Packet).Body.NumberAt(0);
        tells.Sent.Clear();
        tells.Receive(Lone.From(3), AggregationScenarios.Packet(
            AggregationMessage.Answer, Documented("wants").With(0, number)));
        AssertSends(tells, AggregationMessage.Definitions, "definitions");

        static bool IsRequest((Link To, byte[] Packet, Instant At) sent)
        {
            var (protocol, type, _) = Swarm.FirstFrame(sent.Packet);
            return (protocol, type) == (AggregationProtocol.ProtocolId, AggregationMessage.Request);
        }
    }

    [Fact]
    public void A_node_without_an_epoch_asks_and_learns_it_and_what_there_is()
    {
        byte[] Padded() => [.. Documented("ask"), .. new byte[1_143]];
        var (knows, _) = Make(1.5);
        knows.Receive(Lone.From(3), AggregationScenarios.Packet(AggregationMessage.Ask, Padded()));
        AssertSends(knows, AggregationMessage.Information, "information");

        var joins = Joiner(out var machine);
        joins.Push(3);
        while (joins.Sent.TrueForAll(static sent => !IsAsk(sent.Packet)))
        {
            joins.Advance(TimeSpan.FromMilliseconds(10));
        }

        var ask = Swarm.FirstFrame(joins.Sent.First(static sent => IsAsk(sent.Packet)).Packet).Body;
        DocumentedHex.AssertSame(Padded().With(0, ask.NumberAt(0)), ask);
        joins.Receive(Lone.From(3), AggregationScenarios.Packet(
            AggregationMessage.Information, Documented("information").With(0, ask.NumberAt(0))));
        Assert.Equal(_cpu, machine.Table.Find(Id)!.Definition);
        joins.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, machine.Epoch);

        static bool IsAsk(byte[] packet)
        {
            var (protocol, type, _) = Swarm.FirstFrame(packet);
            return (protocol, type) == (AggregationProtocol.ProtocolId, AggregationMessage.Ask);
        }
    }

    /// <summary>Where the answer "wants" has its token.</summary>
    private const int TokenAt = AggregationMessage.HeaderBytes + 16;

    private static Lone Joiner(out AggregationProtocol machine)
    {
        var made = new AggregationProtocol(new AggregationOptions { MeasuresNetworkSize = false }, null, null);
        machine = made;
        return new Lone(configure: o => o with { Protocols = [made] });
    }

    /// <summary>A node 1.5 s into its first epoch.</summary>
    private (Lone Node, AggregationProtocol Machine) Make(double? value = null, Action<Lone>? then = null)
    {
        var node = Joiner(out var machine);
        if (value is not null)
        {
            node.Core.Post(node.Now, AggregationProtocol.ProtocolId, new AggregationCommand.Define(_cpu));
        }

        while (machine.Epoch == 0)
        {
            node.Advance(TimeSpan.FromMilliseconds(10));
        }

        then?.Invoke(node);
        node.Sent.Clear();
        node.Advance(machine.Clock.Ends + -new AggregationOptions().EpochTime + TimeSpan.FromSeconds(1.5) - node.Now);
        if (value is { } own)
        {
            node.Core.Post(
                node.Now, AggregationProtocol.ProtocolId,
                new AggregationCommand.ProvideValue(Id, 1, new AggregateInput(own)));
        }

        return (node, machine);
    }

    private static void AssertSends(Lone node, byte type, string name, params (int At, ulong Number)[] chance)
    {
        var sent = Swarm.FirstFrame(node.Sent[0].Packet);
        Assert.Equal((AggregationProtocol.ProtocolId, type), (sent.Protocol, sent.Type));
        var documented = Documented(name);
        foreach (var (at, number) in chance)
        {
            documented.With(at, number);
        }

        DocumentedHex.AssertSame(documented, sent.Body);
    }

    private static byte[] Documented(string name) => DocumentedHex.Of("aggregation.md", name);
}
