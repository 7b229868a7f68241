using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Tests.Aggregation.Carriers;

namespace Hearsay.Protocols.Tests.Aggregation.PushSum;

/// <summary>The message printed in docs/protocols/push-sum.md, byte for byte.</summary>
public sealed class PushSumVectorTests
{
    [Fact]
    public void A_node_takes_in_the_documented_push_once_and_sends_half_of_what_it_holds()
    {
        var node = new LoneMethod<PushSumProtocol>(
            sink => new PushSumProtocol(new AggregationOptions(), null, sink), new AggregationOptions());
        var cpu = new AggregateDefinition("cpu", AggregateKind.Average) { Method = AggregateMethod.PushSum };
        var id = node.Define(cpu);
        while (node.Protocol.Clock.Phase == EpochPhase.Joining)
        {
            node.Node.Advance(TimeSpan.FromMilliseconds(10));
        }

        node.Give(id, 1, 1.5);
        node.Receive(3, PushSumMessage.Push, DocumentedHex.Of("push-sum.md", "push"));
        node.Receive(3, PushSumMessage.Push, DocumentedHex.Of("push-sum.md", "push"));
        var slot = node.Protocol.Table.Find(id)!;
        Assert.Equal((1.5, 1.5, 3.25), (slot.Weight, slot.Sums[0], slot.Sums[1]));
        Assert.Equal(1, node.Protocol.Counters.Repeated);
        node.Node.Push(3);
        node.Node.Advance(TimeSpan.FromSeconds(1));
        var (to, type, body) = Assert.Single(node.Sent());
        Assert.Equal((3, PushSumMessage.Push), (to, type));
        Assert.Equal(0.75, slot.Weight);
        var reader = new WireReader(body.AsSpan(AggregationMessage.HeaderBytes));
        Assert.Equal(1, reader.ReadByte());
        Assert.Equal(id, reader.ReadUInt64());
        Assert.Equal(2, reader.ReadByte());
        Assert.Equal((0.75, 0.75, 1.625), (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()));
        Assert.True(reader.Rest.IsEmpty);
    }
}
