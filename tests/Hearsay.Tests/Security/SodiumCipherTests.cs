using CsCheck;
using Hearsay.Protocols.Security;
using Hearsay.Security;

namespace Hearsay.Tests.Security;

/// <summary>The cipher of records: its bytes are those of its standards, whichever library makes them.</summary>
public sealed class SodiumCipherTests
{
    private static readonly SodiumCipher s_cipher = new();

    private static readonly Gen<(byte[] Key, ulong Number, byte[] Data, byte[] Text)> s_inputs = Gen.Select(
        Gen.Byte.Array[32], Gen.ULong, Gen.Byte.Array[0, 100], Gen.Byte.Array[0, 1300]);

    [Fact]
    public void Both_libraries_seal_the_same_bytes_and_each_opens_what_the_other_sealed() => s_inputs.Sample(input =>
    {
        var (key, number, data, text) = input;
        var (one, tag) = (text.ToArray(), new byte[16]);
        var (other, otherTag) = (text.ToArray(), new byte[16]);
        s_cipher.Seal(key, number, data, one, tag);
        SlowAes.Seal(key, NonceOf(number), data, other, otherTag);
        Assert.Equal(Convert.ToHexString(one), Convert.ToHexString(other));
        Assert.Equal(Convert.ToHexString(tag), Convert.ToHexString(otherTag));
        var room = new byte[text.Length];
        Assert.True(s_cipher.TryOpen(key, number, data, other, otherTag, room));
        Assert.Equal(text, room);
        room.AsSpan().Clear();
        Assert.True(SlowAes.TryOpen(key, NonceOf(number), data, one, tag, room));
        Assert.Equal(text, room);
    });

    [Fact]
    public void Both_libraries_refuse_what_is_changed_anywhere_and_leave_nothing_of_the_text() => Gen.Select(
        s_inputs.Where(input => input.Data.Length > 0 && input.Text.Length > 15), Gen.Int[0, 10_399], Gen.Int[0, 4])
        .Sample((input, bit, what) =>
        {
            var (key, number, data, text) = input;
            var (closed, tag) = (text.ToArray(), new byte[16]);
            s_cipher.Seal(key, number, data, closed, tag);
            number ^= what == 0 ? 1UL << (bit % 64) : 0;
            if (what > 0)
            {
                var changed = what switch { 1 => key, 2 => data, 3 => closed, _ => tag };
                changed[bit / 8 % changed.Length] ^= (byte)(1 << (bit % 8));
            }

            var (room, otherRoom) = (new byte[text.Length], new byte[text.Length]);
            Assert.False(s_cipher.TryOpen(key, number, data, closed, tag, room));
            Assert.False(SlowAes.TryOpen(key, NonceOf(number), data, closed, tag, otherRoom));
            Assert.Single(room.Distinct());
            Assert.Single(otherRoom.Distinct());
        });

    /// <summary>Case 14 of the specification of GCM (McGrew and Viega, 2005).</summary>
    [Fact]
    public void Texts_are_sealed_as_the_specification_of_GCM_says()
    {
        var (text, tag) = (new byte[16], new byte[16]);
        s_cipher.Seal(new byte[32], 0, [], text, tag);
        Assert.Equal("CEA7403D4D606B6E074EC5D3BAF39D18", Convert.ToHexString(text));
        Assert.Equal("D0D1C8A799996BF0265B98B5D48AB919", Convert.ToHexString(tag));
    }

    [Fact]
    public void The_nonce_is_four_zeros_and_the_number()
    {
        var (text, tag) = (new byte[16], new byte[16]);
        s_cipher.Seal(new byte[32], 0x0102_0304_0506_0708, [], text, tag);
        var opened = new byte[16];
        Assert.True(SlowAes.TryOpen(new byte[32], [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], [], text, tag, opened));
        Assert.Equal(new byte[16], opened);
    }

    /// <summary>Section 2.2.1 of draft-irtf-cfrg-xchacha-03.</summary>
    [Fact]
    public void The_key_of_a_boot_is_derived_as_XChaCha_derives_its_own()
    {
        var derived = new byte[32];
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        s_cipher.Derive(key, Convert.FromHexString("000000090000004A0000000031415927"), derived);
        Assert.Equal(
            "82413B4227B27BFED30E42508A877D73A0F9E4D58A74A853C12EC41326D3ECDC", Convert.ToHexString(derived));
    }

    [Fact]
    public void Nothing_is_allocated_whether_the_tag_holds_or_not()
    {
        Assert.SkipUnless(Sodium.HasAes, "The processor has no instructions for AES.");
        var (key, bootKey, data) = (new byte[32], new byte[32], new byte[66]);
        var (text, tag, room, wrong) = (new byte[600], new byte[16], new byte[600], new byte[16]);
        var (least, opened) = (long.MaxValue, 0);
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                s_cipher.Derive(key, tag, bootKey);
                s_cipher.Seal(bootKey, (ulong)i, data, text, tag);
                opened += s_cipher.TryOpen(bootKey, (ulong)i, data, text, tag, room) ? 1 : 0;
                opened += s_cipher.TryOpen(bootKey, (ulong)i, data, text, wrong, room) ? 1 : 0;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(2000, opened);
    }

    private static byte[] NonceOf(ulong number)
    {
        var nonce = new byte[SodiumCipher.NonceBytes];
        SodiumCipher.WriteNonce(number, nonce);
        return nonce;
    }
}
