using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>Somebody waits until other nodes have an event.</summary>
/// <param name="name">The map.</param>
/// <param name="dot">The event.</param>
/// <param name="nodes">How many nodes.</param>
/// <param name="deadline">When it is over.</param>
/// <param name="done">Takes the nodes that have it.</param>
internal sealed class Confirmation(
    string name, Dot dot, int nodes, Instant deadline, Action<IReadOnlyList<NodeId>> done)
{
    private readonly List<NodeId> _have = [];

    /// <summary>The map.</summary>
    public string Name { get; } = name;

    /// <summary>The event.</summary>
    public Dot Dot { get; } = dot;

    /// <summary>When it is over.</summary>
    public Instant Deadline { get; } = deadline;

    /// <summary>When nodes are asked next.</summary>
    public Instant AskAt { get; set; }

    /// <summary>How often nodes were asked.</summary>
    public int Asked { get; set; }

    /// <summary>How many nodes are missing.</summary>
    public int Missing => nodes - _have.Count;

    /// <summary>Whether a node is known to have it.</summary>
    public bool IsKnownOf(NodeId node) => _have.Contains(node);

    /// <summary>A node has it.</summary>
    public void Add(NodeId node)
    {
        if (Missing > 0 && !IsKnownOf(node))
        {
            _have.Add(node);
        }
    }

    /// <summary>Tells who waits.</summary>
    public void Complete() => done(_have);
}
