using System.Buffers.Binary;

namespace Hearsay.Protocols;

/// <summary>
/// Writes big-endian fields into a buffer. Never throws: writing past the end writes nothing and marks the writer as
/// failed. <see cref="Position"/> can be taken back to undo what did not fit.
/// </summary>
/// <remarks>Allocates nothing; the buffer is the caller's.</remarks>
public ref struct WireWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>A writer over a buffer.</summary>
    public WireWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>A writer over a buffer of which the first bytes were written before.</summary>
    internal WireWriter(Span<byte> buffer, int position)
        : this(buffer) => Position = position;

    /// <summary>How many bytes were written.</summary>
    public int Position { get; private set; }

    /// <summary>Whether a field did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>How many bytes still fit.</summary>
    public readonly int Room => _buffer.Length - Position;

    /// <summary>What was written.</summary>
    public readonly Span<byte> Written => _buffer[..Position];

    /// <summary>One byte.</summary>
    public void WriteByte(byte value)
    {
        if (TryTake(1, out var bytes))
        {
            bytes[0] = value;
        }
    }

    /// <summary>Two bytes.</summary>
    public void WriteUInt16(ushort value)
    {
        if (TryTake(2, out var bytes))
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        }
    }

    /// <summary>Four bytes.</summary>
    public void WriteUInt32(uint value)
    {
        if (TryTake(4, out var bytes))
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }
    }

    /// <summary>Eight bytes.</summary>
    public void WriteUInt64(ulong value)
    {
        if (TryTake(8, out var bytes))
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        }
    }

    /// <summary>A node id.</summary>
    public void WriteNodeId(NodeId value)
    {
        if (TryTake(NodeId.SizeBytes, out var bytes))
        {
            value.Write(bytes);
        }
    }

    /// <summary>Bytes as they are.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        if (TryTake(value.Length, out var bytes))
        {
            value.CopyTo(bytes);
        }
    }

    /// <summary>Zeros: padding.</summary>
    public void WriteZeros(int count)
    {
        if (TryTake(count, out var bytes))
        {
            bytes.Clear();
        }
    }

    /// <summary>A length from 0 to 32,767 as <see cref="WireReader.ReadLength"/> reads it.</summary>
    public void WriteLength(int value)
    {
        if (value >= 0x80)
        {
            WriteByte((byte)(0x80 | (value >> 8)));
        }

        WriteByte((byte)value);
    }

    /// <summary>Overwrites one byte written before.</summary>
    public readonly void Patch(int position, byte value) => _buffer[position] = value;

    /// <summary>Overwrites two bytes written before.</summary>
    public readonly void Patch(int position, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[position..], value);

    /// <summary>Takes back everything from <paramref name="position"/> on, a failure included.</summary>
    public void Rewind(int position) => (Position, Failed) = (position, false);

    /// <summary>Room for so many bytes, to be filled by the caller; nothing is taken if there is less.</summary>
    internal bool TryTake(int count, out Span<byte> bytes)
    {
        if (Failed || (uint)count > (uint)Room)
        {
            Failed = true;
            bytes = default;
            return false;
        }

        bytes = _buffer.Slice(Position, count);
        Position += count;
        return true;
    }
}
