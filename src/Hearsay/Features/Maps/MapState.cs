using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Hearsay.Features.Maps;

/// <summary>A map as it is at one moment. Immutable, so that any thread may read it.</summary>
/// <param name="Keys">All keys that have rows, in order.</param>
/// <param name="Bytes">The bytes of their keys and values.</param>
internal sealed record MapState(ImmutableSortedSet<MapKeyState> Keys, long Bytes)
{
    /// <summary>Of a map without keys.</summary>
    public static MapState Empty { get; } = new([], 0);

    /// <summary>Finds a key by the bytes of its path.</summary>
    public bool TryFind(ReadOnlyMemory<byte> path, [NotNullWhen(true)] out MapKeyState? found) =>
        Keys.TryGetValue(new MapKeyState(path, []), out found!) && found.Rows.Count > 0;

    /// <summary>The keys that begin with some bytes, in order.</summary>
    public IEnumerable<MapKeyState> WithPrefix(ReadOnlyMemory<byte> prefix)
    {
        var index = Keys.IndexOf(new MapKeyState(prefix, []));
        for (index = index < 0 ? ~index : index; index < Keys.Count; index++)
        {
            var key = Keys[index];
            if (!key.Path.Span.StartsWith(prefix.Span))
            {
                yield break;
            }

            yield return key;
        }
    }
}
