using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Features.Maps;

/// <summary>A map as it is at one moment. Immutable, so that any thread may read it.</summary>
/// <param name="Keys">All keys that have rows, in order.</param>
/// <param name="Bytes">The bytes of their keys and values.</param>
/// <param name="Expiring">How many of the keys have something that expires.</param>
internal sealed record MapState(ImmutableSortedSet<MapEntry> Keys, long Bytes, int Expiring)
{
    private static readonly IComparer<MapEntry> s_byPath =
        Comparer<MapEntry>.Create(static (a, b) => a.Path.CompareTo(b.Path));

    /// <summary>Of a map without keys.</summary>
    public static MapState Empty { get; } = new(ImmutableSortedSet.Create(s_byPath), 0, 0);

    /// <summary>Finds a key.</summary>
    public bool TryFind(RowPath path, [NotNullWhen(true)] out MapEntry? found) =>
        Keys.TryGetValue(new MapEntry(path, string.Empty, []), out found!) && !found.IsEmpty;

    /// <summary>With keys that have changed; those that are empty are gone.</summary>
    /// <param name="changed">The keys.</param>
    /// <param name="bytes">The bytes of all keys and values after it.</param>
    /// <param name="expiring">How many keys have something that expires after it.</param>
    public MapState With(IEnumerable<MapEntry> changed, long bytes, int expiring)
    {
        if (Keys.IsEmpty)
        {
            return new MapState(
                changed.Where(static key => !key.IsEmpty).ToImmutableSortedSet(s_byPath), bytes, expiring);
        }

        var builder = Keys.ToBuilder();
        foreach (var key in changed)
        {
            builder.Remove(key);
            if (!key.IsEmpty)
            {
                builder.Add(key);
            }
        }

        return new MapState(builder.ToImmutable(), bytes, expiring);
    }

    /// <summary>
    /// The keys that begin with some bytes, in order, without looking at any others.
    /// </summary>
    /// <param name="prefix">The bytes.</param>
    /// <param name="after">The key that precedes the first one; null to begin with the first.</param>
    public IEnumerable<MapEntry> WithPrefix(byte[] prefix, RowPath? after = null)
    {
        var first = IndexOfFirst(path => path.Bytes.SequenceCompareTo(prefix) >= 0);
        if (after is { } last)
        {
            first = Math.Max(first, IndexOfFirst(path => path.CompareTo(last) > 0));
        }

        for (var index = first; index < Keys.Count; index++)
        {
            var key = Keys[index];
            if (!key.Path.Bytes.StartsWith(prefix))
            {
                yield break;
            }

            yield return key;
        }
    }

    /// <summary>The place of the first key from which on something holds.</summary>
    private int IndexOfFirst(Func<RowPath, bool> holds)
    {
        var (low, high) = (0, Keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(Keys[middle].Path))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
