using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>The sources a node has heard of; when full, the least recently heard makes room.</summary>
internal sealed class SourceTable(int capacity, BroadcastCounters counters, ulong hashKey)
{
    private readonly Dictionary<SourceKey, BroadcastSource> _byKey = new(new IdHash(hashKey));

    /// <summary>A hint: two sources may share a tag, the later one then has it.</summary>
    private readonly Dictionary<uint, BroadcastSource> _byTag = new(new IdHash(hashKey));

    private BroadcastSource? _newest;
    private BroadcastSource? _oldest;

    public int Count => _byKey.Count;

    /// <summary>The most recently heard; the others follow by <see cref="BroadcastSource.Older"/>.</summary>
    public BroadcastSource? Newest => _newest;

    public BroadcastSource? Find(in SourceKey key) => _byKey.GetValueOrDefault(key);

    public BroadcastSource? FindByTag(uint tag) => _byTag.GetValueOrDefault(tag);

    /// <summary>The source, which is now the most recently heard one.</summary>
    public BroadcastSource Touch(in SourceKey key, out bool isNew)
    {
        isNew = !_byKey.TryGetValue(key, out var source);
        if (source is null)
        {
            source = _byKey.Count < capacity ? new BroadcastSource() : Evict();
            source.Reset(key);
            _byKey.Add(key, source);
            _byTag[key.Tag] = source;
        }
        else
        {
            Unlink(source);
        }

        (source.Older, source.Newer) = (_newest, null);
        _ = _newest is null ? _oldest = source : _newest.Newer = source;
        _newest = source;
        return source;
    }

    /// <summary>A slot belongs to nobody, or to somebody else.</summary>
    public void ForgetSlot(int slot)
    {
        for (var source = _newest; source is not null; source = source.Older)
        {
            source.Forget(1u << slot);
        }
    }

    private BroadcastSource Evict()
    {
        var source = _oldest!;
        Unlink(source);
        _byKey.Remove(source.Key);
        if (_byTag.GetValueOrDefault(source.Key.Tag) == source)
        {
            _byTag.Remove(source.Key.Tag);
        }

        counters.SourcesForgotten++;
        return source;
    }

    private void Unlink(BroadcastSource source)
    {
        _ = source.Newer is null ? _newest = source.Older : source.Newer.Older = source.Older;
        _ = source.Older is null ? _oldest = source.Newer : source.Older.Newer = source.Newer;
        (source.Newer, source.Older) = (null, null);
    }
}
