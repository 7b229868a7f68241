using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hearsay.Protocols.Core;

/// <summary>
/// Searches the short arrays of a node. A browser interprets them, and there each instruction on vectors is a call: a
/// plain loop is several times as fast.
/// </summary>
internal static class ShortSpan
{
    /// <summary>The first place of a value; -1 if it is nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(ReadOnlySpan<uint> values, uint value)
    {
        if (!OperatingSystem.IsBrowser())
        {
            return values.IndexOf(value);
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == value)
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc cref="IndexOf(ReadOnlySpan{uint}, uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(ReadOnlySpan<ulong> values, ulong value)
    {
        if (!OperatingSystem.IsBrowser())
        {
            return values.IndexOf(value);
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == value)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The largest of some numbers; 0 of none.</summary>
    public static uint Largest(ReadOnlySpan<uint> values)
    {
        var largest = 0u;
        if (!OperatingSystem.IsBrowser())
        {
            var lanes = Vector128<uint>.Zero;
            for (; values.Length >= Vector128<uint>.Count; values = values[Vector128<uint>.Count..])
            {
                lanes = Vector128.Max(lanes, Vector128.Create(values));
            }

            largest = Math.Max(Math.Max(lanes[0], lanes[1]), Math.Max(lanes[2], lanes[3]));
        }

        foreach (var value in values)
        {
            largest = value > largest ? value : largest;
        }

        return largest;
    }
}
