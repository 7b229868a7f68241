using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Cycles;

/// <summary>How far a node is within its cycle. A copy of it is a dry run: the draws come out the same again.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Turn
{
    private const ulong ExchangePurpose = 3;
    private const ulong LossPurpose = 5;

    public int Node;
    public int Exchanges;
    public bool Opened;
    public bool Over;
    public bool Reached;
    public SeededRandom Random;
    public SeededRandom Loss;

    /// <summary>The turn's stream is the node's own, so nothing depends on who had a turn before.</summary>
    public static SeededRandom StreamOf(ulong seed, int node, int cycle) =>
        SeededRandom.For(seed, (ulong)node, (ulong)cycle, ExchangePurpose);

    /// <summary>A node's turn in a cycle, before its first exchange. Without losses their stream is not made.</summary>
    public static Turn Of(CycleOptions options, int node, int cycle) => new()
    {
        Node = node,
        Random = StreamOf(options.Seed, node, cycle),
        Loss = options.Loss > 0
            ? SeededRandom.For(options.Seed, (ulong)node, (ulong)cycle, LossPurpose)
            : default,
    };
}
