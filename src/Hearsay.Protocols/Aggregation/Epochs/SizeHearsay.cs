namespace Hearsay.Protocols.Aggregation.Epochs;

/// <summary>
/// What the last three different partners of a node's own choice said of the network's size, of those who know one: a
/// node that comes knows it before it has measured it. A single liar cannot be two of three.
/// </summary>
internal sealed class SizeHearsay
{
    /// <summary>How many are wanted.</summary>
    public const int Wanted = 3;

    private readonly (NodeId From, NetworkSizeEstimate Size)[] _heard = new (NodeId, NetworkSizeEstimate)[Wanted];
    private int _next;

    /// <summary>How many are known.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The one in the middle, of two the lower; its error includes how far the next one is from it.
    /// </summary>
    public NetworkSizeEstimate Middle
    {
        get
        {
            Span<NetworkSizeEstimate> sizes = stackalloc NetworkSizeEstimate[Wanted];
            sizes = sizes[..Count];
            for (var i = 0; i < Count; i++)
            {
                sizes[i] = _heard[i].Size;
            }

            sizes.Sort(static (a, b) => a.Size.CompareTo(b.Size));
            var (place, apart) = ((Count - 1) / 2, double.PositiveInfinity);
            for (var i = 0; i < Count; i++)
            {
                apart = i == place ? apart : Math.Min(apart, Math.Abs(sizes[i].Size - sizes[place].Size));
            }

            var error = Count == 1 ? sizes[0].Error : Math.Max(sizes[place].Error, apart);
            return new NetworkSizeEstimate(sizes[place].Size, error, IsWhole: false);
        }
    }

    /// <summary>Forgets them.</summary>
    public void Clear() => Count = 0;

    /// <summary>Somebody said it; who said something before takes it back.</summary>
    public void Add(NodeId from, NetworkSizeEstimate size)
    {
        if (!size.IsUsable)
        {
            return;
        }

        var place = 0;
        while (place < Count && _heard[place].From != from)
        {
            place++;
        }

        if (place == Wanted)
        {
            (place, _next) = (_next, (_next + 1) % Wanted);
        }

        _heard[place] = (from, size);
        Count = Math.Max(Count, place + 1);
    }
}
