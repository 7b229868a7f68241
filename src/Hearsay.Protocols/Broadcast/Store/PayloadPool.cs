using System.Numerics;

namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>
/// Buffers for payloads, in powers of two. The message store owns every buffer it takes until it gives it back; where
/// messages come in other sizes than before, free buffers of the old size go, so that little more exist than it holds.
/// </summary>
/// <param name="capacityBytes">The most bytes of buffers in use and free, if those in use are fewer.</param>
internal sealed class PayloadPool(long capacityBytes)
{
    private const int SmallestBits = 7;
    private const int LargestBits = 16;

    private readonly Stack<byte[]>[] _free =
        [.. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1).Select(_ => new Stack<byte[]>(0))];

    /// <summary>Bytes of all buffers, in use and free.</summary>
    public long Bytes { get; private set; }

    public byte[] Take(int length)
    {
        var bits = Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount((uint)length - 1));
        if (_free[bits - SmallestBits].TryPop(out var buffer))
        {
            return buffer;
        }

        Bytes += 1 << bits;
        return new byte[1 << bits];
    }

    public void Return(byte[] buffer)
    {
        var own = _free[BitOperations.Log2((uint)buffer.Length) - SmallestBits];
        own.Push(buffer);
        for (var i = 0; i < _free.Length && Bytes > capacityBytes; i++)
        {
            if (_free[i] != own)
            {
                Drop(_free[i]);
            }
        }

        Drop(own);
    }

    private void Drop(Stack<byte[]> free)
    {
        while (Bytes > capacityBytes && free.TryPop(out var buffer))
        {
            Bytes -= buffer.Length;
        }
    }
}
