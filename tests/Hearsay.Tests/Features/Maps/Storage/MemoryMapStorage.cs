namespace Hearsay.Tests.Features.Maps.Storage;

/// <summary>A disk in memory that can be slow, be full, and break.</summary>
internal sealed class MemoryMapStorage : IMapStorage
{
    private readonly SortedDictionary<string, SortedDictionary<string, byte[]>> _maps = new(StringComparer.Ordinal);

    /// <summary>While it is reset, commits wait.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    public volatile bool IsFull;

    private int _commits;

    public int Commits => Volatile.Read(ref _commits);

    /// <summary>How many changes the largest commit had.</summary>
    public int LargestCommit { get; private set; }

    public IMapStore Open() => new Store(this);

    public byte[] this[string map, byte[] key]
    {
        get => _maps[map][Convert.ToHexString(key)];
        set => _maps[map][Convert.ToHexString(key)] = value;
    }

    public IEnumerable<byte[]> Keys(string map) => _maps[map].Keys.Select(Convert.FromHexString).ToArray();

    public void Remove(string map, byte[] key) => _maps[map].Remove(Convert.ToHexString(key));

    private sealed class Store(MemoryMapStorage storage) : IMapStore
    {
        public IReadOnlyList<string> Maps => [.. storage._maps.Keys];

        public IEnumerable<MapRecord> Read(string map) => !storage._maps.TryGetValue(map, out var records)
            ? [] : records.Select(pair => new MapRecord(Convert.FromHexString(pair.Key), pair.Value));

        public void Commit(IReadOnlyList<MapRecordChange> changes)
        {
            storage.Gate.Wait();
            if (storage.IsFull)
            {
                throw new IOException("The disk is full.");
            }

            foreach (var change in changes)
            {
                if (!storage._maps.TryGetValue(change.Map, out var records))
                {
                    storage._maps[change.Map] = records = new(StringComparer.Ordinal);
                }

                var key = Convert.ToHexString(change.Key.Span);
                if (change.Value is { } value)
                {
                    records[key] = value.ToArray();
                }
                else
                {
                    records.Remove(key);
                }
            }

            Interlocked.Increment(ref storage._commits);
            storage.LargestCommit = Math.Max(storage.LargestCommit, changes.Count);
        }

        public void Dispose()
        {
        }
    }
}
