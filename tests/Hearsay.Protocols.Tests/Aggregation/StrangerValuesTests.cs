using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.Tests.Aggregation.Carriers;
using Hearsay.Protocols.Tests.Aggregation.PushSum;
using Hearsay.Protocols.Tests.Aggregation.Tournament;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>What SECURITY.md says of false values: how far they move a result, and where that ends.</summary>
public sealed class StrangerValuesTests
{
    /// <summary>20 nodes with the mean 9.5; the highest value is 100.</summary>
    [Fact]
    public void One_push_of_a_stranger_moves_a_push_sum_as_far_as_its_weight_and_the_next_epoch_is_right()
    {
        var swarm = PushSumScenarios.Swarm(20, cyclesPerEpoch: 40);
        var id = swarm.Define(PushSumScenarios.Load with { Minimum = 0, Maximum = 100 });
        PushSumScenarios.RunToEpoch(swarm, 2);
        swarm.Run(10);
        const double weight = 80;
        var header = new AggregationHeader(77, 2, swarm[0].Protocol.Clock.Elapsed(swarm[0].Node.LocalNow), 1);
        swarm.Inject(0, PushSumMessage.Push, PushSumScenarios.Push(header, id, weight, weight, 100 * weight));
        PushSumScenarios.RunToEpoch(swarm, 4);
        var (moved, next) = (Of(2), Of(3));
        Swarm.Say($"{moved[0]:f2} to {moved[^1]:f2} instead of 9.5, then {next[0]:f2} to {next[^1]:f2}");
        Assert.All(moved, value => Assert.Equal(((20 * 9.5) + (weight * 100)) / (20 + weight), value, 0.5));
        Assert.All(next, static value => Assert.Equal(9.5, value, 0.05));

        double[] Of(long epoch) => [.. swarm.Members.SelectMany(m => m.Finals.Where(e => e.Epoch == epoch))
            .Select(static e => e.Value).Order()];
    }

    /// <summary>The liars answer every pull with the largest value, whatever round it is for.</summary>
    [Theory]
    [Campaign]
    [InlineData(1)]
    [InlineData(5)]
    public void Liars_among_100_nodes_move_the_rank_of_a_tournament_by_about_their_share(int liars)
    {
        const int Nodes = 100;
        var swarm = TournamentScenarios.Swarm(Nodes);
        var rank = TournamentScenarios.Shuffle(Nodes, 1);
        swarm.Value = index => rank[index];
        var id = swarm.Define(TournamentScenarios.Quantile(0.5, 0.05) with { Minimum = 0, Maximum = Nodes });
        var lies = new Queue<(int To, int From, byte[] Body)>();
        var byAddress = swarm.Members.ToDictionary(m => m.Node.Address, m => m.Index);
        foreach (var member in swarm.Members)
        {
            member.Node.OnSend = (to, packet) =>
            {
                var (protocol, type, body) = Swarm.FirstFrame(packet);
                if ((protocol, type) == (TournamentProtocol.ProtocolId, TournamentMessage.Pull)
                    && byAddress.TryGetValue(to.Address, out var liar) && liar < liars)
                {
                    lies.Enqueue((member.Index, liar, body));
                }
            };
        }

        for (var step = 0; step < 20_000 && swarm.Members.Any(static m => m.Protocol.Time.Number < 4); step++)
        {
            swarm.Run(0.005);
            while (lies.TryDequeue(out var pull))
            {
                var reader = new WireReader(pull.Body);
                Assert.True(AggregationHeader.TryRead(ref reader, out var header));
                reader.ReadUInt64();
                var answer = TournamentScenarios.Answer(header, id, reader.ReadByte(), Nodes);
                swarm.Network.Inject(
                    swarm[pull.To].Node, new Link(swarm[pull.From].Node.Address, LinkKind.Datagram), Lone.Packet(
                        swarm[pull.From].Node.Core.Self.Id, TournamentProtocol.ProtocolId, TournamentMessage.Answer,
                        body => body.Raw(answer)));
            }
        }

        var worst = new[] { 2L, 3 }.Select(epoch => TournamentScenarios.WorstOf(
            swarm, epoch, static value => value / Nodes, 0.5)!.Value).ToArray();
        Swarm.Say($"{liars} liars: {worst[0]:f3} and {worst[1]:f3} off");
        var fair = TournamentTheory.DistanceOf(
            Nodes, TournamentScenarios.RoundsOf(swarm), 0.5, TournamentScenarios.LeastChance);
        Assert.All(worst, off => Assert.InRange(off, 0, fair + (2.0 * liars / Nodes)));
    }
}
