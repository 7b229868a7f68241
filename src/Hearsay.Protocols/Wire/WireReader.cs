using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Hearsay.Protocols;

/// <summary>
/// Reads big-endian fields from received bytes. It never throws. A read past the end returns zeros and marks the reader
/// as failed, so a decoder can read everything and check once.
/// </summary>
/// <remarks>
/// It allocates nothing. The spans that it returns point into the packet and are valid only as long as the packet is.
/// </remarks>
public ref struct WireReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Creates a reader over received bytes.</summary>
    /// <param name="bytes">The bytes. They are not copied.</param>
    public WireReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Whether a read went past the end.</summary>
    public bool Failed { get; private set; }

    /// <summary>The bytes that have not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Reads one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte() => TryTake(1, out var bytes) ? bytes[0] : (byte)0;

    /// <summary>Reads a number of two bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort ReadUInt16() => TryTake(2, out var bytes) ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    /// <summary>Reads a number of four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadUInt32() => TryTake(4, out var bytes) ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    /// <summary>Reads a number of eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUInt64() => TryTake(8, out var bytes) ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>Reads a node id.</summary>
    public NodeId ReadNodeId() => TryTake(NodeId.SizeBytes, out var bytes) ? NodeId.Read(bytes) : default;

    /// <summary>Reads a given number of bytes, without copying them.</summary>
    /// <param name="count">The number of bytes.</param>
    /// <returns>The bytes, which point into the packet; empty if there are fewer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes(int count) => TryTake(count, out var bytes) ? bytes : default;

    /// <summary>
    /// Reads a length of up to 32,767. It has one byte, or two if it is above 127. The first byte then has its top bit
    /// set.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadLength()
    {
        int first = ReadByte();
        return first < 0x80 ? first : ((first & 0x7F) << 8) | ReadByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            Failed = true;
            _rest = default;
            bytes = default;
            return false;
        }

        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }
}
