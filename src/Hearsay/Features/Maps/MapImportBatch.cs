using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Features.Maps;

/// <summary>The changes of lines that are written together: as many as a batch holds, and each key once.</summary>
/// <param name="write">Writes them.</param>
/// <param name="cancellation">Ends the import before the next batch.</param>
internal sealed class MapImportBatch(
    Func<IReadOnlyList<MapChange>, Task> write, CancellationToken cancellation)
{
    private readonly List<MapChange> _changes = [];
    private readonly HashSet<RowPath> _paths = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>
    /// A line about a key begins. What an earlier line says of the same key is written first: a counter is changed by
    /// what it differs from the one that is there.
    /// </summary>
    public Task BeginKeyAsync(string key) => _keys.Contains(key) ? FlushAsync() : Task.CompletedTask;

    /// <summary>A line about a key has ended.</summary>
    public void EndKey(string key) => _keys.Add(key);

    /// <summary>Adds a change; writes those before it if there is no room for it.</summary>
    public async Task AddAsync(MapChange change)
    {
        var size = change.Path.Bytes.Length + change.Value.Length;
        if (_changes.Count == MapOptions.LargestBatch || _bytes + size > MapOptions.LargestBatchBytes
            || !_paths.Add(change.Path))
        {
            await FlushAsync().ConfigureAwait(false);
            _paths.Add(change.Path);
        }

        _changes.Add(change);
        _bytes += size;
    }

    /// <summary>Writes what there is.</summary>
    public async Task FlushAsync()
    {
        if (_changes.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            await write([.. _changes]).ConfigureAwait(false);
            _changes.Clear();
            _paths.Clear();
            _keys.Clear();
            _bytes = 0;
        }
    }
}
