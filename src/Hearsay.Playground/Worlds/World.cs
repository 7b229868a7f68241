using Hearsay.Playground.Contract;
using Hearsay.Playground.Links;
using Hearsay.Playground.Recording;

namespace Hearsay.Playground.Worlds;

/// <summary>
/// One network of a scene: the simulator's, with whole nodes as they ship. A scene says what the nodes run and what is
/// shown of them; time, faults and the record are the same for all.
/// </summary>
internal abstract partial class World
{
    private readonly PriorityQueue<Action, (Instant At, int Number)> _agenda = new();
    private readonly TimeSpan _warmup;
    private SeededRandom _latencies;
    private TimeSpan _latency;
    private int _planned;

    /// <summary>An empty network; its nodes come with <see cref="Approach"/>, until the scene has begun.</summary>
    /// <param name="knobs">What the visitor set.</param>
    /// <param name="seed">The seed of everything.</param>
    /// <param name="nodes">How many nodes there will be at most.</param>
    /// <param name="warmup">How long the network runs before the scene begins.</param>
    /// <param name="links">What happens to packets, in place of what the knobs say; null for that.</param>
    protected World(KnobValues knobs, ulong seed, int nodes, TimeSpan warmup, LinkModel? links = null)
    {
        (Knobs, Seed, _warmup) = (knobs, seed, warmup);
        _latency = knobs.Milliseconds("latency");
        _latencies = SeededRandom.For(seed, 0, 0, 0x1A7);
        Random = SeededRandom.For(seed, 0, 0, 0x91A7);
        Network = new VirtualNetwork(
            new VirtualNetworkOptions { Seed = seed, KeepsNotices = false, Loss = knobs["loss"] / 100, Links = links });
        Recorder = new Recorder(Network, nodes);
        Network.LatencyOf = links is null ? DrawLatency : null;
        Network.Passes = (from, to) => !Recorder.IsVanishing && !IsCut(from.Index, to.Index);
        Injector = new FaultInjector(Network, FaultPlan.None, () => Join());
    }

    /// <summary>The network.</summary>
    public VirtualNetwork Network { get; }

    /// <summary>What is seen of it.</summary>
    public Recorder Recorder { get; }

    /// <summary>Virtual time since the scene began.</summary>
    public Instant Now => Network.Now + -_warmup;

    /// <summary>What the visitor set.</summary>
    protected KnobValues Knobs { get; }

    /// <summary>The seed.</summary>
    protected ulong Seed { get; }

    /// <summary>Choices of the scene that no node makes.</summary>
    protected SeededRandom Random;

    private FaultInjector Injector { get; }

    /// <summary>Adds and starts one more node.</summary>
    public abstract void Join();

    /// <summary>The numbers of the scene about one node, as many as it describes.</summary>
    public abstract void WriteValues(int node, FrameWriter frame);

    /// <summary>
    /// The links of a node: per link the other's index in the low 16 bits, and its age or kind above them.
    /// </summary>
    /// <returns>How many.</returns>
    public abstract int WriteLinks(int node, FrameWriter frame);

    /// <summary>The numbers of the scene about the network, as many as it describes.</summary>
    public abstract void WriteMetrics(FrameWriter frame);

    /// <summary>
    /// The node's row of the scene's matrix: how often each node was its target, two counts of 16 bits in a number.
    /// </summary>
    /// <returns>How many numbers; 0 where there is no matrix.</returns>
    public virtual int WriteRow(int node, FrameWriter frame) => 0;

    /// <summary>A number that stands for all that happened: every event, and what a scene does beside those.</summary>
    public virtual ulong TraceHash => Network.TraceHash;

    /// <summary>The points that the nodes hold, where the scene has a plane.</summary>
    public virtual IReadOnlyList<PlanePoint> Points => [];

    /// <summary>Lines of the plane that are nobody's.</summary>
    public virtual IReadOnlyList<PlaneLine> Lines => [];

    /// <summary>Whether a node is to be pointed out: a hub, a source.</summary>
    public virtual bool IsMarked(int node) => false;

    /// <summary>What the inspector tells of a node beside its values and links: names and values.</summary>
    public virtual IEnumerable<(string Name, string Value)> Describe(int node)
    {
        var core = Network.Nodes[node].Core;
        yield return ("address", $"{Network.Nodes[node].Address}");
        yield return ("id", $"{core.Self.Id}");
        yield return ("incarnation", $"{core.Self.Incarnation}");
        yield return ("cycles", $"{core.Counters.Cycles}");
        yield return ("exchanges completed", $"{core.Counters.ExchangesCompleted}");
        yield return ("timed out", $"{core.Counters.ExchangesTimedOut}");
        yield return ("evictions", $"{core.Counters.Evictions}");
        yield return ("packets sent", $"{core.Counters.PacketsSent}");
        yield return ("bytes sent", $"{core.Counters.BytesSent}");
    }

    /// <summary>The moment of the next event of the network, in the scene's time.</summary>
    public Instant NextEvent => Network.NextEvent + -_warmup;

    /// <summary>Lets virtual time pass up to a moment of the scene's time.</summary>
    public void RunUntil(Instant moment) => Pass(moment + _warmup);

    /// <summary>Something of the scene's own happens later; moments are of the scene's time.</summary>
    protected void Plan(Instant at, Action happening) => _agenda.Enqueue(happening, (at + _warmup, _planned++));

    /// <summary>A fault of the scene's own begins now.</summary>
    protected void Injure(Fault fault) => Injector.Strike(fault);

    /// <summary>A running node, chosen at random.</summary>
    protected VirtualNode? AnyNode()
    {
        var up = Network.Nodes.Where(node => node.IsUp).ToArray();
        return up.Length == 0 ? null : up[Random.Below(up.Length)];
    }

    private void Pass(Instant end)
    {
        while (_agenda.TryPeek(out _, out var when) && when.At <= end)
        {
            var happening = _agenda.Dequeue();
            Injector.RunUntil(Instant.Max(when.At, Network.Now));
            happening();
        }

        Injector.RunUntil(Instant.Max(end, Network.Now));
    }

    /// <summary>How long a packet takes, as a factor of the mean from 0.5 to 1.5: another for every packet.</summary>
    protected virtual double LatencyFactor(VirtualNode from, VirtualNode to, ref SeededRandom random) =>
        0.5 + random.NextDouble();

    private TimeSpan DrawLatency(VirtualNode from, VirtualNode to) =>
        _latency * LatencyFactor(from, to, ref _latencies);
}
