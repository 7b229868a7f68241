using CsCheck;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Tests.Aggregation.Carriers;

namespace Hearsay.Protocols.Tests.Aggregation.FlowUpdating;

/// <summary>The machine, message by message.</summary>
public sealed class FlowUpdatingProtocolTests
{
    private static readonly TimeSpan Cycle = TimeSpan.FromSeconds(1);

    private static readonly AggregateDefinition Cpu = new("cpu", AggregateKind.Average)
    {
        Method = AggregateMethod.FlowUpdating,
    };

    private readonly LoneMethod<FlowUpdatingProtocol> _node =
        new(sink => new FlowUpdatingProtocol(new AggregationOptions(), null, sink));

    private FlowUpdatingCounters Counters => _node.Protocol.Counters;

    [Fact]
    public void A_node_answers_the_documented_exchange_with_the_documented_answer()
    {
        var id = Begin(1.5);
        Link(3);
        var exchange = DocumentedHex.Of("flow-updating.md", "exchange");
        _node.Receive(3, FlowUpdatingMessage.Exchange, exchange);
        var (to, type, body) = Assert.Single(_node.Sent());
        Assert.Equal((3, FlowUpdatingMessage.Answer), (to, type));
        Assert.Equal(Convert.ToHexStringLower(DocumentedHex.Of("flow-updating.md", "answer")),
            Convert.ToHexStringLower(body));
        Assert.Equal(2.625, Slot(id).Value);

        // Once more, and nothing changes.
        _node.Receive(3, FlowUpdatingMessage.Exchange, exchange);
        Assert.Empty(_node.Sent());
        Assert.Equal(2.625, Slot(id).Value);
        Assert.Equal(1, Counters.Stale);
    }

    [Fact]
    public void A_node_without_an_aggregate_sends_nothing_and_refuses_links()
    {
        _node.Node.Push(3);
        _node.Node.Advance(10 * Cycle);
        Assert.Empty(_node.Sent());
        _node.Receive(3, FlowUpdatingMessage.Exchange, DocumentedHex.Of("flow-updating.md", "exchange"));
        var (_, type, body) = Assert.Single(_node.Sent());
        Assert.Equal(FlowUpdatingMessage.Refuse, type);
        Assert.Equal(DocumentedHex.Of("flow-updating.md", "refuse"), body);
    }

    [Fact]
    public void A_number_that_was_overtaken_is_stale_and_one_far_behind_is_of_a_node_that_began_anew()
    {
        var id = Begin(1);
        Link(3);
        Exchange(3, 1_000_000, id, 0, 3);
        Exchange(3, 999_999, id, 5, 3);
        Assert.Equal(2, Slot(id).Value);
        Exchange(3, 7, id, 0, 3);
        Assert.Equal(2, Slot(id).Value);
        Assert.Equal((1, 2), (Counters.Stale, Counters.Answered));
    }

    [Fact]
    public void Of_two_exchanges_that_cross_that_of_the_lower_id_counts()
    {
        var id = Begin(1);
        _node.Node.Push(3);
        _node.Node.Advance(Cycle);
        var (to, type, body) = Assert.Single(_node.Sent());
        Assert.Equal((3, FlowUpdatingMessage.Exchange), (to, type));
        // This node has the lowest id of all.
        Exchange(3, 50, id, 0, 3);
        Assert.Empty(_node.Sent());
        Assert.Equal(1, Counters.Crossed);
        Assert.Equal(1, Slot(id).Value);
        Answer(3, body, id, 1);
        Assert.Equal(2, Slot(id).Value, 1e-12);
        Assert.Equal(0, Counters.Stray);
    }

    [Fact]
    public void An_answer_counts_once_and_only_if_it_was_asked_for()
    {
        var id = Begin(1);
        _node.Node.Push(3);
        _node.Node.Advance(Cycle);
        var exchange = Assert.Single(_node.Sent()).Body;
        Answer(4, exchange, id, 9);
        Answer(3, [9, 9, 9, 9], id, 9);
        Assert.Equal(1, Slot(id).Value);
        Answer(3, exchange, id, 1);
        Answer(3, exchange, id, 2);
        Assert.Equal(2, Slot(id).Value);
        Assert.Equal(3, Counters.Stray);
    }

    [Fact]
    public void The_flow_of_a_neighbour_that_fails_returns()
    {
        var id = Begin(1);
        Link(3);
        Exchange(3, 1, id, 0, 9);
        Assert.Equal(5, Slot(id).Value);
        for (var i = 0; i < 8; i++)
        {
            _node.Node.Advance(Cycle);
        }

        Assert.Equal(5, Slot(id).Value);
        _node.Node.Advance(4 * Cycle);
        Assert.Equal(1, Slot(id).Value);
        Assert.Equal(1, Counters.Failures);
        Assert.InRange(_node.Sent().Count, 10, 12);
    }

    [Fact]
    public void A_refusal_is_believed_if_it_names_the_exchange()
    {
        var id = Begin(1);
        Link(3);
        Exchange(3, 1, id, 0, 9);
        _node.Sent();
        _node.Node.Advance(Cycle);
        var exchange = Assert.Single(_node.Sent()).Body;
        _node.Receive(3, FlowUpdatingMessage.Refuse, [1, 2, 3, 4]);
        Assert.Equal(5, Slot(id).Value);
        _node.Receive(3, FlowUpdatingMessage.Refuse, exchange.AsSpan(0, 4));
        Assert.Equal(1, Slot(id).Value);
        Assert.Equal(0, _node.Protocol.Links.Count);
    }

    [Fact]
    public void Whoever_asks_is_accepted_up_to_the_capacity()
    {
        var id = Begin(1);
        for (var from = 1; from <= 12; from++)
        {
            Link(from);
        }

        for (var from = 13; from <= 20; from++)
        {
            Exchange(from, 1, id, 0, 1);
        }

        Assert.Equal((12, 12), (_node.Protocol.Links.Count, Counters.LinksUp));
        Assert.Equal(8, Counters.LinksRefused);
        Assert.Equal(8, _node.Sent().Count(f => f.Type == FlowUpdatingMessage.Refuse));
    }

    [Fact]
    public void Who_asks_for_a_link_is_asked_back_and_gets_nothing_else_until_it_answers()
    {
        var id = Begin(1);
        for (var i = 0; i < 3; i++)
        {
            Exchange(3, 5, id, 0, 9);
            var (to, type, body) = Assert.Single(_node.Sent());
            Assert.Equal((3, FlowUpdatingMessage.Probe, 5), (to, type, body.Length));
        }

        Assert.Equal(1, Slot(id).Value);
        _node.Node.Advance(10 * Cycle);
        Assert.Empty(_node.Sent());
        Assert.Equal((0, 0), (_node.Protocol.Links.Count, Counters.LinksUp));
    }

    [Fact]
    public void A_link_is_confirmed_by_the_number_of_the_probe_and_by_no_other()
    {
        var id = Begin(1);
        Exchange(3, 5, id, 0, 9);
        var probe = Assert.Single(_node.Sent()).Body;
        _node.Receive(3, FlowUpdatingMessage.Answer, [1, 2, 3, 4, 0]);
        _node.Receive(4, FlowUpdatingMessage.Answer, probe);
        Assert.Equal((2, 0), (Counters.Stray, Counters.LinksUp));
        _node.Receive(3, FlowUpdatingMessage.Answer, probe);
        Assert.Equal(1, Counters.LinksUp);
        Exchange(3, 6, id, 0, 9);
        Assert.Equal(5, Slot(id).Value);
    }

    [Fact]
    public void Who_does_not_answer_its_probe_leaves_places_for_neighbours_of_the_nodes_own_choice()
    {
        var id = Begin(1);
        for (var from = 10; from < 30; from++)
        {
            Exchange(from, 1, id, 0, 1);
        }

        Assert.Equal((7, 7), (_node.Protocol.Links.Count, _node.Protocol.Links.Probed));
        Assert.Equal(13, Counters.LinksRefused);
        _node.Node.Push(3);
        _node.Node.Advance(Cycle);
        Assert.Contains(_node.Sent(), frame => frame is (3, FlowUpdatingMessage.Exchange, _));
    }

    [Fact]
    public void Who_asked_for_a_link_and_is_asked_back_answers_and_asks_again_once()
    {
        var id = Begin(1);
        _node.Node.Push(3);
        _node.Node.Advance(Cycle);
        Assert.Single(_node.Sent());
        for (var i = 0; i < 2; i++)
        {
            _node.Receive(3, FlowUpdatingMessage.Probe, DocumentedHex.Of("flow-updating.md", "probe"));
            var sent = _node.Sent();
            Assert.Equal((3, FlowUpdatingMessage.Answer), (sent[0].To, sent[0].Type));
            Assert.Equal(DocumentedHex.Of("flow-updating.md", "probe"), sent[0].Body);
            Assert.Equal(i == 0 ? 2 : 1, sent.Count);
        }

        _node.Receive(4, FlowUpdatingMessage.Probe, [1, 2, 3, 4, 0]);
        Assert.Equal((4, FlowUpdatingMessage.Refuse), (_node.Sent()[0].To, FlowUpdatingMessage.Refuse));
        Assert.Equal(1, Slot(id).Value);
    }

    [Fact]
    public void An_aggregate_that_the_neighbour_does_not_know_has_no_flow()
    {
        var id = Begin(1);
        _node.Node.Push(3);
        _node.Node.Advance(Cycle);
        Answer(3, Assert.Single(_node.Sent()).Body, id, 4);
        Assert.Equal(5, Slot(id).Value);
        _node.Node.Advance(Cycle);
        Answer(3, Assert.Single(_node.Sent()).Body, id + 1, 4);
        Assert.Equal(1, Slot(id).Value);
    }

    [Fact]
    public void Absurd_flows_and_wrong_lengths_are_refused_and_counted()
    {
        var id = _node.Define(Cpu with { Minimum = 0, Maximum = 10 });
        _node.Give(id, 1, 1);
        Link(3);
        uint number = 1;
        foreach (var absurd in new[] { double.NaN, double.NegativeInfinity, 1e9, -1e200 })
        {
            Exchange(3, number++, id, absurd, 1);
            Exchange(3, number++, id, 1, absurd);
        }

        _node.Receive(3, FlowUpdatingMessage.Exchange, FlowUpdatingScenarios.Exchange(number++, id, 1, 0, 0));
        _node.Receive(3, FlowUpdatingMessage.Exchange, FlowUpdatingScenarios.Exchange(number++, id, 40, 0, 0));
        Assert.Equal(10, Counters.FlowsRefused);
        Assert.Equal(1, Slot(id).Value);
        _node.Receive(3, FlowUpdatingMessage.Exchange, [0, 0, 0, 99, 3, 1]);
        _node.Receive(3, 77, [0, 0, 0, 99]);
        Assert.Equal(2, Counters.Malformed);
        _node.Give(id, 1, double.NaN);
        _node.Give(id + 1, 1, 1);
        Assert.Equal(2, Counters.ValuesRefused);
    }

    [Fact]
    public void More_aggregates_than_fit_a_datagram_take_turns()
    {
        AggregateDefinition[] many = [.. Enumerable.Range(0, 32).Select(i => Cpu with { Name = $"a{i}" })];
        Array.ForEach(many, definition => _node.Define(definition));
        _node.Define(Cpu with { Name = "one.too.many" });
        Assert.Equal(1, Counters.DefinitionsRefused);
        _node.Node.Push(3);
        var seen = new HashSet<ulong>();
        for (var i = 0; i < 32; i++)
        {
            _node.Node.Advance(Cycle);
            foreach (var (_, _, body) in _node.Sent())
            {
                Assert.InRange(body.Length, 1000, FlowUpdatingMessage.MaximumBytes);
                var reader = new WireReader(body.AsSpan(5));
                while (!reader.Rest.IsEmpty)
                {
                    seen.Add(reader.ReadUInt64());
                    reader.ReadBytes(16 * reader.ReadByte());
                }
            }
        }

        Assert.Equal(32, seen.Count);
    }

    [Fact]
    public void Random_bytes_are_counted_and_hurt_nobody()
    {
        var id = _node.Define(Cpu with { Minimum = 0, Maximum = 10 });
        _node.Give(id, 1, 1);
        Gen.Select(Gen.Byte[0, 5], Gen.Byte.Array[0, 200], Gen.Int[1, 30]).Sample((type, bytes, from) =>
        {
            _node.Receive(from, type, bytes);
            Assert.InRange(_node.Protocol.Links.Count, 0, 12);
            Assert.True(double.IsFinite(Slot(id).Cells[1]));
        }, threads: 1);
        Assert.True(Counters.Malformed > 0);
    }

    private ulong Begin(double value)
    {
        var id = _node.Define(Cpu);
        _node.Give(id, 1, value);
        return id;
    }

    /// <summary>Another node asks for a link and answers the probe.</summary>
    private void Link(int from)
    {
        _node.Sent();
        _node.Receive(from, FlowUpdatingMessage.Exchange, [0, 0, 0, 0, 0]);
        _node.Receive(from, FlowUpdatingMessage.Answer, Assert.Single(_node.Sent()).Body);
        Assert.Empty(_node.Sent());
    }

    private FlowSlot Slot(ulong id) => _node.Protocol.Table.Find(id)!;

    /// <summary>Another node's exchange, whose first cell says that one node gave a value.</summary>
    private void Exchange(int from, uint number, ulong id, double flow, double estimate)
    {
        var writer = new WireWriter(new byte[100]);
        writer.WriteUInt32(number);
        writer.WriteByte(1);
        writer.WriteUInt64(id);
        writer.WriteByte(2);
        writer.WriteDouble(0);
        writer.WriteDouble(1);
        writer.WriteDouble(flow);
        writer.WriteDouble(estimate);
        _node.Receive(from, FlowUpdatingMessage.Exchange, writer.Written);
    }

    private void Answer(int from, ReadOnlySpan<byte> exchange, ulong id, double flow)
    {
        var writer = new WireWriter(new byte[100]);
        writer.WriteBytes(exchange[..4]);
        writer.WriteByte(1);
        writer.WriteUInt64(id);
        writer.WriteByte(2);
        writer.WriteDouble(0);
        writer.WriteDouble(flow);
        _node.Receive(from, FlowUpdatingMessage.Answer, writer.Written);
    }
}
