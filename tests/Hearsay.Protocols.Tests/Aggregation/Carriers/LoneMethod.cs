using Hearsay.Protocols.Aggregation.Carriers;
using Hearsay.Protocols.Aggregation.Definitions;
using Hearsay.Protocols.Aggregation.PushPull;

namespace Hearsay.Protocols.Tests.Aggregation.Carriers;

/// <summary>One node with one method of aggregation whose whole world is the test.</summary>
internal sealed class LoneMethod<T> : IAggregateSink
    where T : class, IProtocol, IAggregateCarrier
{
    private static readonly PeerSamplingOptions Quiet = new() { CycleTime = TimeSpan.FromHours(1) };

    private int _read;

    /// <param name="make">Makes the method.</param>
    /// <param name="epochs">Those of aggregation, if the method goes by them.</param>
    public LoneMethod(Func<IAggregateSink, T> make, AggregationOptions? epochs = null)
    {
        Protocol = make(this);
        IProtocol method = new DefinedDirectly(Protocol);
        IProtocol[] protocols = epochs is null ? [method]
            : [method, new AggregationProtocol(epochs, null, null, Protocol)];
        Node = new Lone(Quiet, o => o with { Protocols = protocols });
    }

    public T Protocol { get; }

    public Lone Node { get; }

    public List<AggregateEstimate> Estimates { get; } = [];

    public ulong Define(AggregateDefinition definition)
    {
        Post(new AggregationCommand.Define(definition));
        return AggregateDefinitionCodec.IdOf(definition);
    }

    public void Give(ulong id, long epoch, double value) =>
        Post(new AggregationCommand.ProvideValue(id, epoch, new AggregateInput(value)));

    public void Post(AggregationCommand command) => Node.Core.Post(Node.Now, Protocol.Id, command);

    public void Receive(int from, byte type, ReadOnlySpan<byte> body)
    {
        var bytes = body.ToArray();
        Node.Receive(Lone.From(from), Lone.Packet(Lone.Id(from), Protocol.Id, type, b => b.Raw(bytes)));
        Assert.Equal(0, Node.Core.Counters.ProtocolFaults);
    }

    /// <summary>The frames of the protocol sent since the last look.</summary>
    public List<(int To, byte Type, byte[] Body)> Sent()
    {
        var sent = new List<(int, byte, byte[])>();
        for (; _read < Node.Sent.Count; _read++)
        {
            var (to, packet, _) = Node.Sent[_read];
            var (protocol, type, body) = Swarm.FirstFrame(packet);
            if (protocol == Protocol.Id)
            {
                sent.Add(((int)(to.Address.IPv4Bits - Lone.At(0).IPv4Bits), type, body));
            }
        }

        return sent;
    }

    public void OnLifeEnded(ulong id, bool isForgotten)
    {
    }

    public void OnEstimate(ulong id, in AggregateEstimate estimate) => Estimates.Add(estimate);
}
