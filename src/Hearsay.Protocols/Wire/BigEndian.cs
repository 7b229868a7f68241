using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Hearsay.Protocols.Wire;

/// <summary>
/// Numbers in the order of the network. A browser interprets them, and there what the runtime has for it is half a
/// dozen calls a number, which made a third of all calls of a simulation; so they are inlined whole there.
/// </summary>
internal static class BigEndian
{
    /// <summary>Reads two bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ReadUInt16(ReadOnlySpan<byte> from, int at) =>
        OperatingSystem.IsBrowser()
            ? (ushort)((from[at] << 8) | from[at + 1])
            : BinaryPrimitives.ReadUInt16BigEndian(from[at..]);

    /// <summary>Reads four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadUInt32(ReadOnlySpan<byte> from, int at) =>
        OperatingSystem.IsBrowser()
            ? ((uint)from[at] << 24) | ((uint)from[at + 1] << 16) | ((uint)from[at + 2] << 8) | from[at + 3]
            : BinaryPrimitives.ReadUInt32BigEndian(from[at..]);

    /// <summary>Reads eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadUInt64(ReadOnlySpan<byte> from, int at) =>
        OperatingSystem.IsBrowser()
            ? ((ulong)ReadUInt32(from, at) << 32) | ReadUInt32(from, at + sizeof(uint))
            : BinaryPrimitives.ReadUInt64BigEndian(from[at..]);

    /// <summary>Writes two bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt16(Span<byte> to, int at, ushort value)
    {
        if (OperatingSystem.IsBrowser())
        {
            to[at + 1] = (byte)value;
            to[at] = (byte)(value >> 8);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], value);
        }
    }

    /// <summary>Writes four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt32(Span<byte> to, int at, uint value)
    {
        if (OperatingSystem.IsBrowser())
        {
            to[at + 3] = (byte)value;
            to[at + 2] = (byte)(value >> 8);
            to[at + 1] = (byte)(value >> 16);
            to[at] = (byte)(value >> 24);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(to[at..], value);
        }
    }

    /// <summary>Writes eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt64(Span<byte> to, int at, ulong value)
    {
        if (OperatingSystem.IsBrowser())
        {
            WriteUInt32(to, at + sizeof(uint), (uint)value);
            WriteUInt32(to, at, (uint)(value >> 32));
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(to[at..], value);
        }
    }
}
