namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>
/// The definitions this node has asked others for: only these are taken, and only from whom they were asked. Bounded:
/// the oldest gives way.
/// </summary>
internal sealed class OpenWants
{
    /// <summary>Some cycles' worth: each message names eight at most.</summary>
    public const int Capacity = 64;

    private readonly (NodeId From, ulong Token, ulong Aggregate)[] _wants = new (NodeId, ulong, ulong)[Capacity];
    private int _next;

    /// <summary>An aggregate is asked for.</summary>
    /// <param name="from">Whom.</param>
    /// <param name="token">Ties the answer to the question; nobody else can know it.</param>
    /// <param name="aggregate">Which.</param>
    public void Add(NodeId from, ulong token, ulong aggregate)
    {
        _wants[_next] = (from, token, aggregate);
        _next = (_next + 1) % Capacity;
    }

    /// <summary>A definition came: was it asked for? Each question is answered once.</summary>
    public bool TryTake(NodeId from, ulong token, ulong aggregate)
    {
        var place = Array.IndexOf(_wants, (from, token, aggregate));
        if (place < 0 || from.IsNone)
        {
            return false;
        }

        _wants[place] = default;
        return true;
    }
}
