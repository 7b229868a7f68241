namespace Hearsay.Features.Maps;

/// <summary>
/// One place of a <see cref="KeyTable"/>. The name of the first entry stands beside it, so that a reader fetches both
/// from memory at the same time and not one after the other.
/// </summary>
internal struct KeyPlace
{
    private MapEntry? _first;
    private string? _name;

    /// <summary>The first entry of the place. Any thread reads it.</summary>
    public MapEntry? First
    {
        readonly get => Volatile.Read(in _first);
        set
        {
            _name = value?.Name;
            Volatile.Write(ref _first, value);
        }
    }

    /// <summary>The first entry if it has a name; null if it does not, or if the place changes just now.</summary>
    public readonly MapEntry? FirstIf(ReadOnlySpan<char> name)
    {
        var (its, first) = (_name, Volatile.Read(in _first));
        return its is not null && name.SequenceEqual(its) && first is not null && ReferenceEquals(first.Name, its)
            ? first : null;
    }
}
