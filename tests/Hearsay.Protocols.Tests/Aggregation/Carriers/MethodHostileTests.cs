using CsCheck;
using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Protocols.Tests.Aggregation.FlowUpdating;

namespace Hearsay.Protocols.Tests.Aggregation.Carriers;

/// <summary>
/// Flow updating, push-sum and tournaments among random bytes, and among their own messages: changed, cut, replayed,
/// long past and from the wrong sender. No fault, no table that grows, no number that cannot be calculated with.
/// </summary>
public sealed class MethodHostileTests
{
    private const int Nodes = 10;

    private static readonly AggregateDefinition Load = new("load", AggregateKind.Average) { Minimum = 0, Maximum = 10 };

    [Fact]
    public void Flow_updating_survives()
    {
        var swarm = new MethodSwarm<FlowUpdatingProtocol>(
            Nodes, static (values, sink) => new FlowUpdatingProtocol(new AggregationOptions(), values, sink));
        var id = swarm.Define(Load with { Method = AggregateMethod.FlowUpdating });
        Attack(swarm, member =>
        {
            Assert.InRange(member.Protocol.Links.Count, 0, 12);
            Assert.True(member.Protocol.Table.Find(id)!.AreSound(member.Protocol.Table.Find(id)!.Cells));
        }, () => FlowUpdatingScenarios.BecomeNeighbour(swarm, 0));
        Assert.True(swarm[0].Protocol.Counters.Malformed > 0);
        Assert.True(swarm[0].Protocol.Counters.Stale > 0);
    }

    [Fact]
    public void Push_sum_survives()
    {
        var swarm = new MethodSwarm<PushSumProtocol>(
            Nodes, static (values, sink) => new PushSumProtocol(new AggregationOptions(), values, sink),
            epochs: new AggregationOptions());
        var id = swarm.Define(Load with { Method = AggregateMethod.PushSum });
        Attack(swarm, member =>
        {
            var slot = member.Protocol.Table.Find(id)!;
            Assert.True(slot.Weight >= 0 && double.IsFinite(slot.Weight));
            Assert.All(slot.Sums.ToArray(), sum => Assert.True(double.IsFinite(sum)));
            Assert.InRange(member.Protocol.Clock.Epoch, 1, 100);
        });
        Assert.True(swarm[0].Protocol.Counters.Malformed > 0);
        Assert.True(swarm[0].Protocol.Counters.Repeated + swarm[0].Protocol.Counters.Stale > 0);
    }

    [Fact]
    public void Tournaments_survive()
    {
        var swarm = new MethodSwarm<TournamentProtocol>(
            Nodes, static (values, sink) => new TournamentProtocol(new AggregationOptions(), values, sink),
            epochs: new AggregationOptions());
        var id = swarm.Define(new AggregateDefinition("load", AggregateKind.Quantile)
        {
            Quantile = 0.5, Precision = 0.1, Method = AggregateMethod.Tournament, Minimum = 0, Maximum = 10,
        });
        Attack(swarm, member =>
        {
            var value = member.Protocol.Table.Find(id)!.Value;
            Assert.True(double.IsNaN(value) || value is >= 0 and <= 10);
            Assert.InRange(member.Protocol.Clock.Epoch, 1, 100);
        });
        Assert.True(swarm[0].Protocol.Counters.Malformed > 0);
        Assert.True(swarm[0].Protocol.Counters.Stray > 0);
    }

    private static void Attack<T>(
        MethodSwarm<T> swarm, Action<MethodSwarm<T>.Member> assertSound, Action? comeIn = null)
        where T : class, IProtocol, IAggregateCarrier
    {
        var bodies = Record(swarm);
        comeIn?.Invoke();
        var target = swarm[0];
        void Hit(int from, byte type, byte[] body)
        {
            swarm.Inject(0, type, body, from);
            Assert.Equal(0, target.Node.Core.Counters.ProtocolFaults);
            assertSound(target);
        }

        Gen.Select(Gen.Byte[0, 8], Gen.Byte.Array[0, 400], Gen.Int[0, 30])
            .Sample((type, bytes, from) => Hit(5000 + from, type, bytes), threads: 1);
        var changes = Gen.Select(
            Gen.Int[0, bodies.Count - 1], Gen.Int[0, 1200], Gen.Byte, Gen.Int[0, 400], Gen.Int[0, 30]);
        changes.Sample((which, where, value, cut, from) =>
        {
            var (type, whole) = bodies[which];
            // Most are only changed or replayed as they were; some are cut, a few go on with rubbish.
            byte[] body = cut switch
            {
                < 100 => [.. whole.AsSpan(0, Math.Max(0, whole.Length - cut))],
                > 390 => [.. whole, .. new byte[1000 - Math.Min(1000, whole.Length)]],
                _ => [.. whole],
            };
            if (body.Length > 0 && where % 4 != 0)
            {
                body[where % body.Length] = value;
            }

            // Twice: what came before must be met, whatever was drawn.
            Hit(5000 + from, type, body);
            Hit(5000 + from, type, body);
        }, threads: 1);

        // It goes on with the others, and is not silenced by what it heard.
        var sent = 0;
        target.Node.OnSend = (_, packet) => sent += Swarm.FirstFrame(packet).Protocol == target.Protocol.Id ? 1 : 0;
        swarm.Run(60);
        Assert.True(sent > 20, $"{sent} messages in 60 cycles");
        assertSound(target);
    }

    /// <summary>What ten nodes said to each other in the second epoch and the third.</summary>
    private static List<(byte Type, byte[] Body)> Record<T>(MethodSwarm<T> swarm)
        where T : class, IProtocol, IAggregateCarrier
    {
        var bodies = new List<(byte Type, byte[] Body)>();
        swarm.Run(45);
        foreach (var member in swarm.Members)
        {
            member.Node.OnSend = (_, packet) =>
            {
                var (protocol, type, body) = Swarm.FirstFrame(packet);
                if (protocol == swarm[0].Protocol.Id && bodies.Count < 500)
                {
                    bodies.Add((type, body));
                }
            };
        }

        swarm.Run(30);
        foreach (var member in swarm.Members)
        {
            member.Node.OnSend = null;
        }

        Assert.True(bodies.Count > 100, $"{bodies.Count} messages");
        return bodies;
    }
}
