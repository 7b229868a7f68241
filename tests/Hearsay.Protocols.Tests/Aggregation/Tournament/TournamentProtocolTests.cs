using CsCheck;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.Tests.Aggregation.Carriers;

namespace Hearsay.Protocols.Tests.Aggregation.Tournament;

/// <summary>The machine, message by message.</summary>
public sealed class TournamentProtocolTests
{
    private static readonly TimeSpan Cycle = TimeSpan.FromSeconds(1);

    private readonly LoneMethod<TournamentProtocol> _node =
        new(sink => new TournamentProtocol(new AggregationOptions(), null, sink), new AggregationOptions());

    private TournamentCounters Counters => _node.Protocol.Counters;

    [Fact]
    public void A_node_answers_the_documented_pull_with_the_documented_answer()
    {
        var id = Begin(1.5);
        AdvanceTo(5);
        _node.Receive(3, TournamentMessage.Pull, DocumentedHex.Of("tournament.md", "pull"));
        var (to, type, body) = _node.Sent()[^1];
        Assert.Equal((3, TournamentMessage.Answer), (to, type));
        Assert.Equal(Convert.ToHexStringLower(DocumentedHex.Of("tournament.md", "answer")),
            Convert.ToHexStringLower(body));
    }

    [Fact]
    public void A_pull_of_a_later_round_is_answered_not_yet_and_of_a_past_round_with_the_value_of_that_round()
    {
        var id = Begin(1.5);
        Assert.Equal((TournamentMessage.NotYet, 0), Ask(id, 0));
        AdvanceTo(3.5);
        Assert.Equal((TournamentMessage.Value, 1.5), Ask(id, 0));
        Assert.Equal((TournamentMessage.NotYet, 0), Ask(id, 1));
        // It has nobody to ask, so it plays against itself.
        AdvanceTo(6.5);
        Assert.True(Slot(id).Round > 1);
        Assert.Equal((TournamentMessage.Value, 1.5), Ask(id, 1));
        Assert.Equal((TournamentMessage.Value, 1.5), Ask(id, 0));
        Assert.Equal(2, Counters.NotYet);
    }

    [Fact]
    public void Who_has_no_value_says_so_and_an_aggregate_that_is_not_known_is_none()
    {
        var id = _node.Define(Median);
        AdvanceTo(6);
        Assert.Equal((TournamentMessage.None, 0), Ask(id, 0));
        Assert.Equal((TournamentMessage.None, 0), Ask(id + 1, 0));
    }

    [Theory]
    [InlineData(TournamentMessage.None)]
    [InlineData(TournamentMessage.NotYet)]
    public void Who_has_nothing_to_say_or_never_comes_to_the_round_is_replaced(byte status)
    {
        var id = Begin(5);
        _node.Node.Push(3);
        _node.Node.Push(4);
        for (var i = 0; i < 140 && Slot(id).Round < 1; i++)
        {
            AdvanceTo(3.3 + (i * 0.25));
            foreach (var (to, _, body) in _node.Sent())
            {
                var header = new AggregationHeader(new WireReader(body).ReadUInt64(), 1, TimeSpan.Zero, 0);
                var answer = to == 3 ? status : TournamentMessage.Value;
                _node.Receive(
                    to, TournamentMessage.Answer, TournamentScenarios.Answer(header, id, 0, 7, answer));
            }
        }

        Assert.Equal(1, Slot(id).Round);
    }

    [Fact]
    public void An_answer_names_the_aggregate_it_was_asked_for_also_if_it_is_not_known()
    {
        var id = Begin(5);
        AdvanceTo(5);
        _node.Sent();
        var pull = TournamentScenarios.Pull(new AggregationHeader(1, 1, TimeSpan.Zero, 0), id + 1, 0);
        _node.Receive(9, TournamentMessage.Pull, pull);
        var body = Assert.Single(_node.Sent()).Body;
        Assert.Equal(id + 1, new WireReader(body.AsSpan(AggregationMessage.HeaderBytes)).ReadUInt64());
    }

    [Fact]
    public void A_round_waits_for_all_its_answers_and_asks_again()
    {
        var id = Begin(5);
        _node.Node.Push(3);
        AdvanceTo(4.9);
        var pulls = _node.Sent();
        Assert.InRange(pulls.Count, 3, 24);
        Assert.Equal(0, Slot(id).Round);
        Assert.True(Counters.Retries > 0);
        Reply(pulls, id, 7, 9);
        Assert.Equal(0, Slot(id).Round);
        AdvanceTo(5.3);
        Assert.Equal(1, Slot(id).Round);
        Assert.Equal(9, Slot(id).Value);
    }

    [Fact]
    public void Answers_of_others_rounds_and_epochs_and_absurd_ones_are_not_taken()
    {
        var id = _node.Define(Median with { Minimum = 0, Maximum = 10 });
        JoinAlone();
        _node.Give(id, 1, 5);
        _node.Node.Push(3);
        AdvanceTo(3.5);
        var pull = _node.Sent()[0].Body;
        var nonce = new WireReader(pull).ReadUInt64();
        var header = new AggregationHeader(nonce, 1, TimeSpan.Zero, 0);
        Answer(4, header, id, 0, 7);
        Answer(3, header with { Id = nonce + 1 }, id, 0, 7);
        Answer(3, header, id, 1, 7);
        Answer(3, header, id + 1, 0, 7);
        Assert.Equal(4, Counters.Stray);
        Answer(3, header, id, 0, double.NaN);
        Assert.Equal(1, Counters.Refused);
        Answer(3, header, id, 0, 1e9);
        Assert.Equal(2, Counters.Refused);
        Assert.False(Slot(id).Pulls[0].IsDone);
    }

    /// <summary>Somebody named an invented id at the address of another node.</summary>
    [Theory]
    [InlineData(TournamentMessage.Value)]
    [InlineData(TournamentMessage.NotYet)]
    [InlineData(TournamentMessage.None)]
    public void Who_answers_under_another_id_is_not_asked_again_and_its_value_is_not_taken(byte status)
    {
        var id = Begin(5);
        _node.Node.Push(3);
        var pulls = new List<ulong>();
        for (var look = 0; look < 20; look++)
        {
            AdvanceTo(3.3 + (look * 0.25));
            foreach (var (to, _, body) in _node.Sent())
            {
                pulls.Add(new WireReader(body).ReadUInt64());
                var header = new AggregationHeader(pulls[^1], 1, TimeSpan.Zero, 0);
                var answer = TournamentScenarios.Answer(header, id, 0, 7, status);
                _node.Node.Receive(Lone.From(to), Lone.Packet(
                    Lone.Id(4), TournamentProtocol.ProtocolId, TournamentMessage.Answer, b => b.Raw(answer)));
            }
        }

        Assert.True(pulls.Count > 20, $"{pulls.Count} pulls");
        Assert.Equal(pulls.Count, pulls.Distinct().Count());
        Assert.Equal((0, pulls.Count), (Counters.Retries, Counters.Stray));
        Assert.Equal(0, Slot(id).Round);
        Assert.DoesNotContain(Slot(id).Pulls.ToArray(), static pull => pull.IsDone);
    }

    [Fact]
    public void A_far_epoch_is_not_followed_and_short_messages_are_malformed()
    {
        var id = Begin(5);
        var header = new AggregationHeader(1, 1 << 20, TimeSpan.Zero, 0);
        _node.Receive(3, TournamentMessage.Pull, TournamentScenarios.Pull(header, id, 0));
        Assert.Equal(1, _node.Protocol.Time.Number);
        Assert.Equal(1, Counters.EpochsRefused);
        _node.Receive(3, TournamentMessage.Pull, [1, 2, 3]);
        Assert.Equal(1, Counters.Malformed);
    }

    [Fact]
    public void A_value_counts_once_and_in_time()
    {
        var id = Begin(5);
        _node.Give(id, 1, 6);
        _node.Give(id, 7, 6);
        _node.Give(id + 1, 1, 6);
        AdvanceTo(5);
        _node.Give(id, 1, 6);
        Assert.Equal(4, Counters.ValuesRefused);
    }

    [Fact]
    public void A_tournament_that_is_not_over_at_the_end_of_the_epoch_has_no_result()
    {
        Begin(5);
        _node.Node.Push(3);
        AdvanceTo(45);
        Assert.Empty(_node.Estimates);
        Assert.Equal(1, Counters.Unfinished);
    }

    [Fact]
    public void Random_bytes_are_counted_and_hurt_nobody()
    {
        var id = Begin(5);
        AdvanceTo(5);
        Gen.Select(Gen.Byte[0, 3], Gen.Byte.Array[0, 60]).Sample((type, bytes) =>
        {
            _node.Receive(4, type, bytes);
            Assert.Equal(5, Slot(id).Value);
        }, threads: 1);
        Assert.True(Counters.Malformed > 0);
    }

    private static AggregateDefinition Median => TournamentScenarios.Quantile(0.9, 0.05) with { Name = "cpu" };

    private TournamentSlot Slot(ulong id) => _node.Protocol.Table.Find(id)!;

    private ulong Begin(double value)
    {
        var id = _node.Define(Median);
        JoinAlone();
        _node.Give(id, 1, value);
        return id;
    }

    /// <summary>Nobody knows an epoch: the first begins here.</summary>
    private void JoinAlone()
    {
        while (_node.Protocol.Time.Number == 0)
        {
            _node.Node.Advance(Cycle / 100);
        }
    }

    /// <summary>To a moment of the first epoch, in cycles.</summary>
    private void AdvanceTo(double cycles)
    {
        JoinAlone();
        var (time, now) = (_node.Protocol.Time, _node.Node.Now);
        var passed = time.Elapsed(now) + ((time.Number - 1) * time.Length);
        _node.Node.Advance((cycles * Cycle) - passed);
    }

    private (byte Status, double Value) Ask(ulong id, int round)
    {
        _node.Sent();
        var header = new AggregationHeader(1, 1, TimeSpan.Zero, 0);
        _node.Receive(9, TournamentMessage.Pull, TournamentScenarios.Pull(header, id, round));
        var reader = new WireReader(Assert.Single(_node.Sent()).Body.AsSpan(AggregationMessage.HeaderBytes + 9));
        return (reader.ReadByte(), reader.ReadDouble());
    }

    /// <summary>Answers every pull once: all with the first value, the last with the second.</summary>
    private void Reply(List<(int To, byte Type, byte[] Body)> pulls, ulong id, double value, double last)
    {
        ulong[] open = [.. pulls.Select(p => new WireReader(p.Body).ReadUInt64()).Distinct()];
        for (var i = 0; i < open.Length; i++)
        {
            Answer(3, new AggregationHeader(open[i], 1, TimeSpan.Zero, 0), id, 0, i == open.Length - 1 ? last : value);
        }
    }

    private void Answer(int from, AggregationHeader header, ulong id, int round, double value) =>
        _node.Receive(from, TournamentMessage.Answer, TournamentScenarios.Answer(header, id, round, value));
}
