namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// The links that closed last: a packet that was on its way, or waited in a stream, still names one of them.
/// </summary>
/// <param name="slots">How many neighbours the node has at most.</param>
internal sealed class ClosedLinks(int slots)
{
    /// <summary>How many are remembered for each slot; the oldest is forgotten first.</summary>
    private const int LinksPerSlot = 4;

    /// <summary>A stream is drained, or given up, within this time.</summary>
    private static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(10);

    private readonly (NodeId Id, ulong Number, Instant Until)[] _links =
        new (NodeId, ulong, Instant)[LinksPerSlot * slots];
    private int _next;

    /// <summary>A link closed.</summary>
    public void Add(NodeId id, ulong number, Instant now)
    {
        _links[_next] = (id, number, now + RememberedFor);
        _next = (_next + 1) % _links.Length;
    }

    /// <summary>Whether it is one that closed lately.</summary>
    public bool Contains(NodeId id, ulong number, Instant now)
    {
        foreach (ref readonly var link in _links.AsSpan())
        {
            if (link.Number == number && link.Id == id && now < link.Until)
            {
                return true;
            }
        }

        return false;
    }
}
