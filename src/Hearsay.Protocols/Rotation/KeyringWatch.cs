using System.Collections.Concurrent;

namespace Hearsay.Protocols.Rotation;

/// <summary>
/// What a node that spreads a keyring hears of others: who has said to have it, and who was behind when it last said
/// something. Any thread may read it.
/// </summary>
internal sealed class KeyringWatch
{
    /// <summary>The most nodes that are told apart; further ones are not counted.</summary>
    public const int Capacity = 100_000;

    private readonly ConcurrentDictionary<NodeId, bool> _heard = new();

    /// <summary>Nodes that have said that their ring is the same.</summary>
    public int Following => _heard.Count(static node => node.Value);

    /// <summary>Nodes that have another ring, as they said last.</summary>
    public int Behind => _heard.Count(static node => !node.Value);

    /// <summary>A node has said something.</summary>
    public void Note(NodeId node, bool follows)
    {
        if (_heard.ContainsKey(node) || _heard.Count < Capacity)
        {
            _heard[node] = follows;
        }
    }
}
