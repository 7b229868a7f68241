using System.Buffers.Binary;

namespace Hearsay.Protocols.Tests.Wire;

/// <summary>
/// Changes bytes as somebody would who knows what decoders stumble over: lengths, counts, ends, and parts of other
/// inputs.
/// </summary>
internal static class DecoderMutator
{
    private static readonly byte[] _bytes = [0, 1, 0x7F, 0x80, 0xFE, 0xFF];

    private static readonly byte[][] _numbers =
    [
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        [0x80, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
        [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0x03],
    ];

    /// <summary>Changes an input where it is.</summary>
    /// <param name="room">The input, with room to grow.</param>
    /// <param name="length">Its length.</param>
    /// <param name="other">Another input, of which parts are taken.</param>
    /// <param name="random">The generator.</param>
    /// <returns>Its length afterwards.</returns>
    public static int Mutate(Span<byte> room, int length, ReadOnlySpan<byte> other, ref SeededRandom random)
    {
        for (var changes = 1 + random.Below(4); changes > 0; changes--)
        {
            length = Change(room, length, other, ref random);
        }

        return length;
    }

    private static int Change(Span<byte> room, int length, ReadOnlySpan<byte> other, ref SeededRandom random)
    {
        var at = random.Below(length + 1);
        var some = random.Below(Math.Min(64, length - at) + 1);
        switch (random.Below(9))
        {
            case 0 when at < length:
                room[at] ^= (byte)(1 << random.Below(8));
                return length;
            case 1 when at < length:
                room[at] = _bytes[random.Below(_bytes.Length)];
                return length;
            case 2:
                return at;
            case 3:
                var number = _numbers[random.Below(_numbers.Length)].AsSpan();
                number = number[..Math.Min(number.Length, length - at)];
                number.CopyTo(room[at..]);
                return length;
            case 4 when length - at >= 2:
                // A length that is nearly right.
                var near = (ushort)(length - at - random.Below(5));
                BinaryPrimitives.WriteUInt16BigEndian(room[at..], near);
                return length;
            case 5:
                room[(at + some)..length].CopyTo(room[at..]);
                return length - some;
            case 6 when length + some <= room.Length:
                room[at..length].CopyTo(room[(at + some)..]);
                return length + some;
            case 7 when !other.IsEmpty:
                var from = random.Below(other.Length);
                var part = other.Slice(from, Math.Min(other.Length - from, room.Length - at));
                part = part[..random.Below(part.Length + 1)];
                part.CopyTo(room[at..]);
                return Math.Max(length, at + part.Length);
            default:
                if (at < length)
                {
                    room[at] += (byte)(random.Below(3) - 1);
                }

                return length;
        }
    }
}
