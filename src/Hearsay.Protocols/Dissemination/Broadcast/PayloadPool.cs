using System.Numerics;

namespace Hearsay.Protocols;

/// <summary>
/// Buffers for payloads, in powers of two. The message store owns every buffer it takes until it gives it back, so no
/// more exist than it may hold.
/// </summary>
internal sealed class PayloadPool
{
    private const int SmallestBits = 7;
    private const int LargestBits = 16;

    private readonly Stack<byte[]>[] _free =
        [.. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1).Select(_ => new Stack<byte[]>(0))];

    public byte[] Take(int length)
    {
        var bits = Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount((uint)length - 1));
        return _free[bits - SmallestBits].TryPop(out var buffer) ? buffer : new byte[1 << bits];
    }

    public void Return(byte[] buffer) =>
        _free[BitOperations.Log2((uint)buffer.Length) - SmallestBits].Push(buffer);
}
