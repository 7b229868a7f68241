using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Tree;

/// <summary>Names on their way into one frame, at most as many as a datagram holds.</summary>
/// <param name="entryBytes">16, or three more for what goes with each name.</param>
internal sealed class NameBatch(int entryBytes)
{
    private byte[] _bytes = [];
    private int _length;

    public bool IsEmpty => _length == 0;

    public bool IsFull => _length + entryBytes > BroadcastFrame.MaximumBodyBytes;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Adds a name; only while the batch is not full.</summary>
    public void Add(in BroadcastId id, byte hops = 0, ushort sequence = 0)
    {
        if (_length + entryBytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(
                BroadcastFrame.MaximumBodyBytes, Math.Max(4 * entryBytes, 2 * _bytes.Length)));
        }

        id.Write(_bytes.AsSpan(_length));
        if (entryBytes > BroadcastId.SizeBytes)
        {
            _bytes[_length + BroadcastId.SizeBytes] = hops;
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_length + BroadcastId.SizeBytes + 1), sequence);
        }

        _length += entryBytes;
    }
}
