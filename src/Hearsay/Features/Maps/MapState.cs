using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps;

/// <summary>A map as it is at one moment. Immutable, so that any thread may read it.</summary>
/// <param name="Keys">All keys that have rows, in order.</param>
/// <param name="Bytes">The bytes of their keys and values.</param>
/// <param name="Expiring">How many of the keys have something that expires.</param>
internal sealed record MapState(ImmutableSortedSet<MapKeyState> Keys, long Bytes, int Expiring)
{
    private static readonly IReadOnlyList<MapRow> s_none = [];

    /// <summary>Of a map without keys.</summary>
    public static MapState Empty { get; } = new([], 0, 0);

    /// <summary>Finds a key.</summary>
    public bool TryFind(RowPath path, [NotNullWhen(true)] out MapKeyState? found) =>
        Keys.TryGetValue(new MapKeyState(path, "", s_none), out found!) && found.Rows.Count > 0;

    /// <summary>The keys that begin with some bytes, in order.</summary>
    public IEnumerable<MapKeyState> WithPrefix(byte[] prefix)
    {
        for (var index = FirstAtOrAfter(prefix); index < Keys.Count; index++)
        {
            var key = Keys[index];
            if (!key.Path.Bytes.StartsWith(prefix))
            {
                yield break;
            }

            yield return key;
        }
    }

    private int FirstAtOrAfter(byte[] prefix)
    {
        var (low, high) = (0, Keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Keys[middle].Path.Bytes.SequenceCompareTo(prefix) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
