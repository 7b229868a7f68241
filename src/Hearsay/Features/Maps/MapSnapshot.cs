using System.Diagnostics.CodeAnalysis;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// A map as it was on this node at one moment. The snapshot has all changes of a batch or none, except for changes that
/// were replaced since.
/// </summary>
/// <remarks>Immutable; safe on any thread. It keeps the memory of its entries alive.</remarks>
public sealed class MapSnapshot
{
    private readonly MapState _state;
    private readonly long _now;

    internal MapSnapshot(MapState state, long now) => (_state, _now) = (state, now);

    /// <summary>The number of keys. If entries can expire, each call counts them.</summary>
    public int Count => _state.Expiring == 0
        ? _state.Keys.Count : _state.Keys.Count(key => key.At(_now) is not null);

    /// <summary>The number of bytes of keys and values, with those of concurrent values.</summary>
    public long SizeBytes => _state.Bytes;

    /// <summary>Finds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The entry of the key.</param>
    /// <returns>False if the map does not have the key.</returns>
    /// <exception cref="ArgumentException">The key has a lone surrogate.</exception>
    public bool TryGet(string key, [NotNullWhen(true)] out MapEntry? entry)
    {
        ArgumentNullException.ThrowIfNull(key);
        entry = _state.TryFind(RowPath.Of(StrictUtf8.GetBytes(key, nameof(key))), out var found)
            ? found.At(_now) : null;
        return entry is not null;
    }

    /// <summary>
    /// Writes all entries as JSON lines, one per key: see <see cref="GossipMap.ImportAsync"/>, which reads them. A
    /// snapshot is one moment, so maps can be exported while they are written.
    /// </summary>
    /// <param name="output">Takes the lines, in UTF-8.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    /// <returns>The number of entries.</returns>
    public Task<long> ExportAsync(Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return MapLines.WriteAsync(output, Entries(), cancellationToken);
    }

    /// <summary>The entries whose keys begin with a text, in the order of the UTF-8 bytes of their keys.</summary>
    /// <param name="prefix">The text; empty for all entries.</param>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public IEnumerable<MapEntry> Entries(string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return Entries(prefix, null);
    }

    /// <summary>Those of them that follow a key. What comes before it costs nothing.</summary>
    /// <param name="prefix">The text.</param>
    /// <param name="after">The key, which need not be there; null for all.</param>
    /// <exception cref="ArgumentException">The text or the key has a lone surrogate.</exception>
    internal IEnumerable<MapEntry> Entries(string prefix, string? after)
    {
        RowPath? last = after is null ? null : RowPath.Of(StrictUtf8.GetBytes(after, nameof(after)));
        return _state.WithPrefix(RowPath.PrefixOf(StrictUtf8.GetBytes(prefix, nameof(prefix))), last)
            .Select(key => key.At(_now)).OfType<MapEntry>();
    }
}
