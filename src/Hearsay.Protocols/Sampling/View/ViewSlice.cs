using System.Diagnostics;

namespace Hearsay.Protocols;

/// <summary>
/// One node's view in place: an ordered list of at most <see cref="Capacity"/> entries, each the handle of a peer and a
/// saturating age in cycles, kept as two parallel spans. Kernels work on it alike in a live node, which has one, and in
/// a simulation, which cuts millions of them out of two arrays.
/// </summary>
/// <remarks>
/// The spans must have room for a merge: capacity plus the largest buffer received. Invariant: no handle twice, never
/// the node's own, count at most capacity outside a merge. The order matters: ties are broken by it.
/// </remarks>
public ref struct ViewSlice
{
    private readonly Span<uint> _handles;
    private readonly Span<ushort> _ages;

    /// <summary>A view over storage of the caller's.</summary>
    /// <param name="handles">Handles; the first <paramref name="count"/> are entries, the rest is room.</param>
    /// <param name="ages">Ages in cycles, parallel to the handles.</param>
    /// <param name="count">Entries there are.</param>
    /// <param name="capacity">The view size c.</param>
    public ViewSlice(Span<uint> handles, Span<ushort> ages, int count, int capacity)
    {
        Debug.Assert(handles.Length == ages.Length && count <= capacity && capacity <= handles.Length);
        _handles = handles;
        _ages = ages;
        Count = count;
        Capacity = capacity;
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; set; }

    /// <summary>The view size c.</summary>
    public int Capacity { get; }

    /// <summary>The handles of the entries, in the order of the view.</summary>
    public readonly Span<uint> Handles => _handles[..Count];

    /// <summary>The ages of the entries in cycles, in the order of the view.</summary>
    public readonly Span<ushort> Ages => _ages[..Count];

    /// <summary>How many entries the storage can hold during a merge.</summary>
    internal readonly int Room => _handles.Length;

    /// <summary>Where an entry stands, or -1.</summary>
    public readonly int IndexOf(uint handle) => Handles.IndexOf(handle);

    /// <summary>Appends an entry; the caller knows that it is new and that there is room.</summary>
    public void Append(uint handle, ushort age)
    {
        _handles[Count] = handle;
        _ages[Count] = age;
        Count++;
    }

    /// <summary>Removes the entry at a position; the order of the others stays.</summary>
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

    /// <summary>Makes every entry one cycle older; an age stays at its maximum once it is there.</summary>
    public readonly void IncreaseAges()
    {
        var ages = Ages;
        for (var i = 0; i < ages.Length; i++)
        {
            var age = ages[i];
            ages[i] = (ushort)(age + (age == ushort.MaxValue ? 0 : 1));
        }
    }

    /// <summary>Throws if the view breaks its invariant; for tests, simulations and debug builds.</summary>
    /// <exception cref="InvalidOperationException">The node itself, a duplicate or too many entries.</exception>
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
