using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Tests;

public class KeyedHashTests
{
    /// <summary>From the appendix of the paper and its reference code: key 00..0f, inputs 00, 00 01, ...</summary>
    private static readonly ulong[] Vectors =
        [0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d];

    private static readonly KeyedHash Hash = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);

    [Fact]
    public void It_gives_the_published_vectors()
    {
        for (var length = 0; length < Vectors.Length; length++)
        {
            Assert.Equal(Vectors[length], Hash.Of(Bytes(length)));
        }

        Assert.Equal(0xa129ca6149be45e5, Hash.Of(Bytes(15)));
    }

    [Fact]
    public void A_number_has_the_hash_of_its_bytes() =>
        Assert.Equal(Hash.Of(Bytes(8)), Hash.Of(0x0706050403020100));

    [Fact]
    public void Another_key_gives_another_hash() =>
        Assert.NotEqual(Hash.Of(7), new KeyedHash(1, 2).Of(7));

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(value => (byte)value)];
}
