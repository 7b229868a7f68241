using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.Epochs;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.Tests.Aggregation.Carriers;
using Hearsay.Protocols.Tests.Aggregation.PushSum;
using Hearsay.Protocols.Tests.Aggregation.Tournament;

namespace Hearsay.Protocols.Tests.Aggregation.Epochs;

/// <summary>
/// Somebody who is no member sends datagrams of a far epoch under many ids, to nodes that look for the epoch and to
/// nodes that know it. Everybody goes on as if nothing had come.
/// </summary>
public sealed class EpochLockOutTests
{
    private const int Nodes = 20;

    [Theory]
    [InlineData(1L << 62)]
    [InlineData(1L << 48)]
    [InlineData(1_000_000)]
    [InlineData(12)]
    public void Push_sum_goes_on(long epoch)
    {
        var swarm = PushSumScenarios.Swarm(Nodes, cyclesPerEpoch: 40);
        var id = swarm.Define(PushSumScenarios.Load);
        void Attack()
        {
            for (var i = 0; i < 4 * Nodes; i++)
            {
                var header = new AggregationHeader((ulong)i, epoch, TimeSpan.FromSeconds(30), 1);
                swarm.Inject(
                    i / 4, PushSumMessage.Push, PushSumScenarios.Push(header, id, 0, 0, 0), 5000 + i, sender: i);
            }
        }

        AttackWhileJoiningAndLater(swarm, Attack);
        var finals = swarm.Members.Select(m => m.Finals[^1]).ToArray();
        Assert.All(finals, f => Assert.Equal(9.5, f.Value, 0.01));
        Assert.All(finals, f => Assert.InRange(f.Epoch, 3, 6));
    }

    [Theory]
    [InlineData(1L << 62)]
    [InlineData(1L << 48)]
    [InlineData(1_000_000)]
    [InlineData(12)]
    public void Tournaments_go_on(long epoch)
    {
        var swarm = TournamentScenarios.Swarm(Nodes);
        var id = swarm.Define(TournamentScenarios.Quantile(0.5, 0.1));
        void Attack()
        {
            for (var i = 0; i < 4 * Nodes; i++)
            {
                var header = new AggregationHeader((ulong)i, epoch, TimeSpan.FromSeconds(30), 1);
                var type = i % 2 == 0 ? TournamentMessage.Pull : TournamentMessage.Answer;
                swarm.Inject(i / 4, type, TournamentScenarios.Pull(header, id, 0), 5000 + i, sender: i);
            }
        }

        AttackWhileJoiningAndLater(swarm, Attack);
        var finals = swarm.Members.Select(m => m.Finals[^1]).ToArray();
        Assert.All(finals, f => Assert.InRange(f.Value, 4, 15));
        Assert.All(finals, f => Assert.InRange(f.Epoch, 3, 6));
    }

    [Theory]
    [InlineData(1L << 62)]
    [InlineData(1L << 48)]
    [InlineData(1_000_000)]
    [InlineData(12)]
    public void Aggregation_goes_on(long epoch)
    {
        var swarm = new AggregationSwarm(Nodes);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        void Attack()
        {
            for (var i = 0; i < 4 * Nodes; i++)
            {
                var header = new AggregationHeader((ulong)i, epoch, TimeSpan.FromSeconds(20), 1);
                // Requests, and answers to questions that nobody asked.
                var type = i % 2 == 0 ? AggregationMessage.Request : AggregationMessage.Information;
                var body = new WireWriter(new byte[200]);
                header.Write(ref body);
                body.WriteZeros(100);
                AggregationScenarios.Inject(
                    swarm, i / 4, AggregationScenarios.Packet(type, body.Written, sender: i));
            }
        }

        for (var i = 0; i < 4 * 130; i++)
        {
            swarm.Network.Run(AggregationSwarm.Cycle / 4);
            if (i % 20 < 8)
            {
                Attack();
            }
        }

        var last = swarm.Members.Min(m => m.Protocol.Epoch) - 1;
        Assert.InRange(last, 3, 6);
        Assert.Equal(Nodes, swarm.Finals(id, last).Count());
        Assert.All(swarm.Finals(id, last), f => Assert.Equal(9.5, f.Value, 1e-4));
        Assert.All(swarm.Members, m => Assert.Equal(Nodes, m.Protocol.NetworkSize!.Value, 0.1));
    }

    /// <summary>For the first cycles, in which nodes find the epoch, and again and again for some epochs.</summary>
    private static void AttackWhileJoiningAndLater<T>(MethodSwarm<T> swarm, Action attack)
        where T : class, IProtocol, IAggregateCarrier
    {
        for (var i = 0; i < 4 * 170; i++)
        {
            swarm.Run(0.25);
            if (i % 20 < 8)
            {
                attack();
            }
        }
    }
}
