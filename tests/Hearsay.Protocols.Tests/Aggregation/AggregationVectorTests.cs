using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;


namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>The messages printed in docs/protocols/aggregation.md, byte for byte.</summary>
public sealed class AggregationVectorTests
{
    [Fact]
    public void A_node_answers_the_documented_request_with_the_documented_answer()
    {
        var options = new AggregationOptions { MeasuresNetworkSize = false };
        var machine = new AggregationProtocol(options, null, null);
        var node = new Lone(configure: o => o with { Protocols = [machine] });
        var cpu = new AggregateDefinition("cpu", AggregateKind.Average);
        node.Core.Post(node.Now, AggregationProtocol.ProtocolId, new AggregationCommand.Define(cpu));
        while (machine.Epoch == 0)
        {
            node.Advance(TimeSpan.FromMilliseconds(10));
        }

        node.Advance(machine.Clock.Ends + -options.EpochTime + TimeSpan.FromSeconds(1.5) - node.Now);
        var id = AggregateDefinitionCodec.IdOf(cpu);
        node.Core.Post(
            node.Now, AggregationProtocol.ProtocolId,
            new AggregationCommand.ProvideValue(id, 1, new AggregateInput(1.5)));

        node.Sent.Clear();
        node.Receive(Lone.From(3), AggregationScenarios.Packet(AggregationMessage.Request, Documented("request")));
        var (protocol, type, body) = Swarm.FirstFrame(Assert.Single(node.Sent).Packet);
        Assert.Equal((AggregationProtocol.ProtocolId, AggregationMessage.Answer), (protocol, type));
        Assert.Equal(Convert.ToHexStringLower(Documented("answer")), Convert.ToHexStringLower(body));
        Assert.Equal(2.5, machine.Table.Find(id)!.State.Value);

        // Once more, and nothing changes.
        node.Receive(Lone.From(3), AggregationScenarios.Packet(AggregationMessage.Request, Documented("request")));
        Assert.Equal(node.Sent[0].Packet, node.Sent[1].Packet);
        Assert.Equal(2.5, machine.Table.Find(id)!.State.Value);
        Assert.Equal(1, machine.Counters.AnswersRepeated);
    }

    private static byte[] Documented(string name) => DocumentedHex.Of("aggregation.md", name);
}
