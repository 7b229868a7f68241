using System.Buffers.Binary;
using System.Numerics;

namespace Hearsay.Protocols.Core;

/// <summary>
/// SipHash-2-4 (Aumasson, Bernstein, INDOCRYPT 2012): 64 bits of a key and some bytes. Who does not know the key cannot
/// look for an item whose hash is extreme, which is all that a sketch keeps.
/// </summary>
/// <remarks>
/// All nodes of an aggregate use one key; merged sketches of different keys mean nothing. Thread safe.
/// </remarks>
internal readonly struct KeyedHash(ulong key0, ulong key1)
{
    /// <summary>The hash of some bytes.</summary>
    public ulong Of(ReadOnlySpan<byte> item)
    {
        var state = new State(key0, key1);
        var length = item.Length;
        for (; item.Length >= sizeof(ulong); item = item[sizeof(ulong)..])
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(item));
        }

        var last = (ulong)length << 56;
        for (var i = 0; i < item.Length; i++)
        {
            last |= (ulong)item[i] << (8 * i);
        }

        state.Absorb(last);
        return state.Finish();
    }

    /// <summary>The hash of a number, as of its eight bytes in little-endian order.</summary>
    public ulong Of(ulong item)
    {
        var state = new State(key0, key1);
        state.Absorb(item);
        state.Absorb(8UL << 56);
        return state.Finish();
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = key0 ^ 0x736F6D6570736575;
        private ulong _v1 = key1 ^ 0x646F72616E646F6D;
        private ulong _v2 = key0 ^ 0x6C7967656E657261;
        private ulong _v3 = key1 ^ 0x7465646279746573;

        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xFF;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v2 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v1;
            _v0 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
