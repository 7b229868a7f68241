using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Sampling.View;

/// <summary>
/// Who has which slot of a view: an entry keeps its slot while it stays. Used by the publishing thread alone.
/// </summary>
internal sealed class ViewSlots(int capacity)
{
    /// <summary>By slot: the handle of the entry; in an empty slot the handle of whoever had it last.</summary>
    private readonly uint[] _handles = new uint[capacity];

    /// <summary>The bytes of its arrays.</summary>
    internal long StateBytes => ArrayMemory.SizeBytes(_handles);

    /// <summary>Gives every handle its slot: the one it has, or a free one with a new stamp.</summary>
    /// <param name="handles">The new view.</param>
    /// <param name="before">The view before.</param>
    /// <param name="stamps">Receives the stamps by slot.</param>
    /// <param name="origins">Receives by slot where in <paramref name="handles"/> its entry stands, or -1.</param>
    /// <returns>The last stamp issued.</returns>
    [SkipLocalsInit]
    internal long Place(ReadOnlySpan<uint> handles, ViewSnapshot before, long[] stamps, Span<short> origins)
    {
        Span<short> entering = stackalloc short[_handles.Length];
        var count = 0;
        origins.Fill(-1);
        Array.Clear(stamps);
        for (var i = 0; i < handles.Length; i++)
        {
            var slot = SlotOf(handles[i], before.Stamps);
            if (slot < 0)
            {
                entering[count++] = (short)i;
                continue;
            }

            Debug.Assert(origins[slot] < 0, "A handle stands in the view twice.");
            origins[slot] = (short)i;
            stamps[slot] = before.Stamps[slot];
        }

        var issued = before.Issued;
        var free = 0;
        for (var i = 0; i < count; i++, free++)
        {
            free += origins[free..].IndexOf((short)-1);
            origins[free] = entering[i];
            stamps[free] = ++issued;
        }

        return issued;
    }

    /// <summary>Takes over what <see cref="Place"/> found, once nothing can go wrong any more.</summary>
    internal void Commit(ReadOnlySpan<uint> handles, ReadOnlySpan<short> origins)
    {
        for (var slot = 0; slot < origins.Length; slot++)
        {
            if (origins[slot] >= 0)
            {
                _handles[slot] = handles[origins[slot]];
            }
        }
    }

    /// <summary>
    /// The slot a handle has in the published view, or -1; an empty slot may hold the handle of one who left.
    /// </summary>
    private int SlotOf(uint handle, long[] stamps)
    {
        var start = 0;
        while (true)
        {
            var found = ShortSpan.IndexOf(_handles.AsSpan(start), handle);
            if (found < 0)
            {
                return -1;
            }

            start += found;
            if (stamps[start] != 0)
            {
                return start;
            }

            start++;
        }
    }
}
