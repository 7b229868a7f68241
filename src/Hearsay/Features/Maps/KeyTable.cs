using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Features.Maps;

/// <summary>
/// The entries of a map by the texts of their keys. One writer at a time, and readers of any thread without a lock:
/// a lookup touches one place of the table, and the entry that it finds with its name.
/// </summary>
/// <remarks>
/// Entries of one place of the table are linked by <see cref="MapEntry.Next"/>. One that is replaced or removed keeps
/// its link, so a reader that stands there still finds what follows. While the table grows, links lead elsewhere:
/// readers that found nothing meanwhile look again when it has grown.
/// </remarks>
internal sealed class KeyTable
{
    private const int LeastPlaces = 16;

    private readonly ulong _seed = Random();

    /// <summary>Held by the writer.</summary>
    private readonly Lock _gate = new();

    /// <summary>A power of two of them, at least twice as many as entries.</summary>
    private KeyPlace[] _places = new KeyPlace[LeastPlaces];

    /// <summary>Odd while the table grows.</summary>
    private int _growth;
    private int _count;

    /// <summary>How many entries there are. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>All entries, in no particular order. Not while somebody writes.</summary>
    public IEnumerable<MapEntry> All
    {
        get
        {
            foreach (var place in _places)
            {
                for (var entry = place.First; entry is not null; entry = entry.Next)
                {
                    yield return entry;
                }
            }
        }
    }

    /// <summary>Finds the entry of a key; null if there is none. Any thread.</summary>
    /// <param name="key">The text of the key; see <see cref="KeyNames"/>.</param>
    public MapEntry? Find(ReadOnlySpan<char> key)
    {
        var hash = HashOf(key);
        var growth = Volatile.Read(ref _growth);
        if (FindIn(Volatile.Read(ref _places), hash, key) is { } found)
        {
            return found;
        }

        Volatile.ReadBarrier();
        if ((growth & 1) == 0 && Volatile.Read(ref _growth) == growth)
        {
            return null;
        }

        lock (_gate)
        {
            return FindIn(_places, hash, key);
        }
    }

    /// <summary>Puts an entry in the place of the one of its key, or of none.</summary>
    /// <returns>The one that was there.</returns>
    public MapEntry? Put(MapEntry entry)
    {
        lock (_gate)
        {
            entry.Hash = HashOf(entry.Name);
            ref var place = ref PlaceOf(_places, entry.Hash);
            var before = (Previous: (MapEntry?)null, Found: place.First);
            while (before.Found is { } other && !other.Name.Equals(entry.Name, StringComparison.Ordinal))
            {
                before = (other, other.Next);
            }

            // The link of the new one first: from then on readers may stand on it.
            entry.Next = before.Found is { } replaced ? replaced.Next : place.First;
            if (before is { Found: not null, Previous: { } previous })
            {
                previous.Next = entry;
            }
            else
            {
                place.First = entry;
            }

            if (before.Found is null)
            {
                Volatile.Write(ref _count, _count + 1);
                GrowIfFull();
            }

            return before.Found;
        }
    }

    /// <summary>Puts in an entry, unless its key has one; returns that one.</summary>
    public MapEntry? TryAdd(MapEntry entry)
    {
        lock (_gate)
        {
            entry.Hash = HashOf(entry.Name);
            ref var place = ref PlaceOf(_places, entry.Hash);
            if (FindIn(_places, entry.Hash, entry.Name) is { } found)
            {
                return found;
            }

            entry.Next = place.First;
            place.First = entry;
            Volatile.Write(ref _count, _count + 1);
            GrowIfFull();
            return null;
        }
    }

    /// <summary>Removes the entry of a key; null if there was none.</summary>
    public MapEntry? Remove(string key)
    {
        lock (_gate)
        {
            ref var place = ref PlaceOf(_places, HashOf(key));
            MapEntry? previous = null;
            for (var entry = place.First; entry is not null; (previous, entry) = (entry, entry.Next))
            {
                if (entry.Name.Equals(key, StringComparison.Ordinal))
                {
                    if (previous is null)
                    {
                        place.First = entry.Next;
                    }
                    else
                    {
                        previous.Next = entry.Next;
                    }

                    Volatile.Write(ref _count, _count - 1);
                    return entry;
                }
            }

            return null;
        }
    }

    private static MapEntry? FindIn(KeyPlace[] places, uint hash, ReadOnlySpan<char> key)
    {
        ref var place = ref PlaceOf(places, hash);
        if (place.FirstIf(key) is { } first)
        {
            return first;
        }

        var entry = place.First;
        while (entry is not null && (entry.Hash != hash || !key.SequenceEqual(entry.Name)))
        {
            entry = entry.Next;
        }

        return entry;
    }

    private static ref KeyPlace PlaceOf(KeyPlace[] places, uint hash) => ref places[hash & (uint)(places.Length - 1)];

    private uint HashOf(ReadOnlySpan<char> key) => (uint)RowPath.HashOf(MemoryMarshal.AsBytes(key), _seed);

    private static ulong Random()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }

    /// <summary>Makes room for some entries, those that are there included.</summary>
    public void EnsureRoom(int count)
    {
        lock (_gate)
        {
            var places = BitOperations.RoundUpToPowerOf2(2 * (uint)count);
            if (places > (uint)_places.Length && places <= (uint)Array.MaxLength)
            {
                Grow((int)places);
            }
        }
    }

    private void GrowIfFull()
    {
        if (2 * _count > _places.Length && _places.Length <= Array.MaxLength / 2)
        {
            Grow(2 * _places.Length);
        }
    }

    private void Grow(int length)
    {
        Interlocked.Increment(ref _growth);
        var (old, places) = (_places, new KeyPlace[length]);
        foreach (var place in old)
        {
            for (var entry = place.First; entry is not null;)
            {
                ref var to = ref PlaceOf(places, entry.Hash);
                var next = entry.Next;
                (entry.Next, to.First) = (to.First, entry);
                entry = next;
            }
        }

        Volatile.Write(ref _places, places);
        Interlocked.Increment(ref _growth);
    }
}
