using System.Diagnostics;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Sampling.View;

/// <summary>
/// One node's view in place: an ordered list of at most <see cref="Capacity"/> entries. Each entry has the handle of a
/// peer and a saturating age in cycles. They are stored in two parallel spans. The kernels work on such slices both in
/// a live node, which has one, and in a simulation, which cuts millions of them out of two arrays.
/// </summary>
/// <remarks>
/// The spans must have room for a merge: the capacity plus the largest received buffer. Invariant: no handle occurs
/// twice, the node's own handle never occurs, and outside a merge the count is at most the capacity. The order matters,
/// since it breaks ties.
/// </remarks>
internal ref struct ViewSlice
{
    private readonly Span<uint> _handles;
    private readonly Span<ushort> _ages;

    /// <summary>Creates a view over storage of the caller.</summary>
    /// <param name="handles">The handles. The first <paramref name="count"/> are entries, and the rest is room.</param>
    /// <param name="ages">The ages in cycles, in the order of the handles.</param>
    /// <param name="count">The number of entries.</param>
    /// <param name="capacity">The view size c.</param>
    public ViewSlice(Span<uint> handles, Span<ushort> ages, int count, int capacity)
    {
        Debug.Assert(handles.Length == ages.Length && count <= capacity && capacity <= handles.Length);
        _handles = handles;
        _ages = ages;
        Count = count;
        Capacity = capacity;
    }

    /// <summary>The number of entries.</summary>
    public int Count { get; set; }

    /// <summary>The view size c.</summary>
    public int Capacity { get; }

    /// <summary>The handles of the entries, in the order of the view.</summary>
    public readonly Span<uint> Handles => _handles[..Count];

    /// <summary>The ages of the entries in cycles, in the order of the view.</summary>
    public readonly Span<ushort> Ages => _ages[..Count];

    /// <summary>How many entries the storage can hold during a merge.</summary>
    internal readonly int Room => _handles.Length;

    /// <summary>Returns the position of an entry, or -1 if it is not in the view.</summary>
    public readonly int IndexOf(uint handle) => ShortSpan.IndexOf(Handles, handle);

    /// <summary>Appends an entry. The caller ensures that it is new and that there is room.</summary>
    public void Append(uint handle, ushort age)
    {
        _handles[Count] = handle;
        _ages[Count] = age;
        Count++;
    }

    /// <summary>Removes the entry at a position. The order of the others does not change.</summary>
    public void RemoveAt(int index)
    {
        _handles[(index + 1)..Count].CopyTo(_handles[index..]);
        _ages[(index + 1)..Count].CopyTo(_ages[index..]);
        Count--;
    }

    /// <summary>Swaps two entries.</summary>
    public readonly void Swap(int left, int right)
    {
        (_handles[left], _handles[right]) = (_handles[right], _handles[left]);
        (_ages[left], _ages[right]) = (_ages[right], _ages[left]);
    }

    /// <summary>Increases the age of every entry by one cycle, up to the maximum.</summary>
    public readonly void IncreaseAges()
    {
        var ages = Ages;
        for (var i = 0; i < ages.Length; i++)
        {
            var age = ages[i];
            ages[i] = (ushort)(age + (age == ushort.MaxValue ? 0 : 1));
        }
    }

    /// <summary>Throws if the view violates its invariant. For tests, simulations and debug builds.</summary>
    /// <exception cref="InvalidOperationException">
    /// The view contains the node itself, a duplicate, or too many entries.
    /// </exception>
    public readonly void AssertInvariants(uint self)
    {
        if (Count > Capacity)
        {
            throw new InvalidOperationException($"The view has {Count} entries, more than its size {Capacity}.");
        }

        for (var i = 0; i < Count; i++)
        {
            if (_handles[i] == self)
            {
                throw new InvalidOperationException("The view holds the node itself.");
            }

            if (_handles[..i].Contains(_handles[i]))
            {
                throw new InvalidOperationException($"The view holds {_handles[i]} twice.");
            }
        }
    }
}
