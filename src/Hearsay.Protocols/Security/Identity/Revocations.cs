namespace Hearsay.Protocols.Security.Identity;

/// <summary>The revocations that a node knows: of each node the latest.</summary>
/// <remarks>
/// Bounded: at most <see cref="Capacity"/>. Only the operator can make one, so a full list refuses more, and counts
/// that. Each is kept until no token that it takes back could still be valid.
/// </remarks>
internal sealed class Revocations
{
    /// <summary>The most revocations.</summary>
    public const int Capacity = 1024;

    private readonly Dictionary<NodeId, Revocation> _byId = [];

    /// <summary>In the order in which they were learned.</summary>
    private readonly List<Revocation> _all = [];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>One of them, by its place.</summary>
    public Revocation this[int place] => _all[place];

    /// <summary>The same for the same revocations, whatever their order; 0 for none.</summary>
    public ulong Digest { get; private set; }

    /// <summary>How many were refused because there were too many.</summary>
    public long Refused { get; private set; }

    /// <summary>Adds one that was verified.</summary>
    /// <returns>Whether it is news.</returns>
    public bool TryAdd(Revocation revocation, long seconds)
    {
        if (revocation.End < seconds
            || (_byId.TryGetValue(revocation.Id, out var known) && known.Time >= revocation.Time))
        {
            return false;
        }

        if (!_byId.ContainsKey(revocation.Id) && _all.Count >= Capacity)
        {
            Forget(seconds);
            if (_all.Count >= Capacity)
            {
                Refused++;
                return false;
            }
        }

        Remove(revocation.Id);
        _byId.Add(revocation.Id, revocation);
        _all.Add(revocation);
        Digest ^= revocation.Hash;
        return true;
    }

    /// <summary>Whether the tokens of a node that were signed at a time are taken back.</summary>
    public bool IsRevoked(NodeId id, long issued) =>
        _byId.TryGetValue(id, out var revocation) && issued <= revocation.Time;

    private void Forget(long seconds)
    {
        foreach (var over in _all.Where(revocation => revocation.End < seconds).ToArray())
        {
            Remove(over.Id);
        }
    }

    private void Remove(NodeId id)
    {
        if (_byId.Remove(id, out var known))
        {
            _all.Remove(known);
            Digest ^= known.Hash;
        }
    }
}
