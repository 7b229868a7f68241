namespace Hearsay.Protocols.Security.Identity;

/// <summary>The members that this node has met, with their keys and where they were.</summary>
/// <remarks>
/// Bounded: one that was not met since the hand of a clock last passed gives way. It is a memory of the latest, so
/// nothing is counted.
/// </remarks>
internal sealed class KnownMembers(ulong secret)
{
    /// <summary>The most members.</summary>
    public const int Capacity = 2048;

    private readonly Dictionary<UInt128, int> _byId = new(new KeyedComparer(secret));
    private (Member Member, NodeAddress Address, Instant HeardAt, bool IsFresh)[] _places = [];
    private int _used;
    private int _hand;

    /// <summary>How often a member came, went, or got another token.</summary>
    public long Changes { get; private set; }

    /// <summary>A member; null if it is not known.</summary>
    public Member? Find(NodeId id) => TryFind(id, out var place) ? _places[place].Member : null;

    /// <summary>A member that was met at an address within the given time; null if it was not.</summary>
    public Member? FindAt(NodeId id, in NodeAddress address, TimeSpan within, Instant now) =>
        TryFind(id, out var place) && _places[place].Address == address && now - _places[place].HeardAt <= within
            ? _places[place].Member : null;

    /// <summary>A member was met, or heard again.</summary>
    public void Met(Member member, in NodeAddress address, Instant now)
    {
        if (!TryFind(member.Id, out var place))
        {
            place = TakePlace();
            _byId.Add(KeyOf(member.Id), place);
        }

        Changes += ReferenceEquals(_places[place].Member, member) ? 0 : 1;

        _places[place] = (member, address, now, true);
    }

    private static UInt128 KeyOf(NodeId id) => new(id.High, id.Low);

    private bool TryFind(NodeId id, out int place) => _byId.TryGetValue(KeyOf(id), out place);

    private int TakePlace()
    {
        if (_used < Capacity)
        {
            if (_used == _places.Length)
            {
                Array.Resize(ref _places, Math.Min(Capacity, Math.Max(8, 2 * _places.Length)));
            }

            return _used++;
        }

        while (_places[_hand].IsFresh)
        {
            _places[_hand].IsFresh = false;
            _hand = (_hand + 1) % Capacity;
        }

        _byId.Remove(KeyOf(_places[_hand].Member.Id));
        return _hand;
    }
}
