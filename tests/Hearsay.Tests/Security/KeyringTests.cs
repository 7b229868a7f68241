using CsCheck;
using Hearsay.Protocols.Security;
using Hearsay.Security;

namespace Hearsay.Tests.Security;

public sealed class KeyringTests
{
    [Fact]
    public void A_ring_is_read_as_it_was_written_and_its_newest_key_seals()
    {
        var (first, second) = (Keyring.Make(), Keyring.Make());
        var newer = second.ToText().Split('\n')[1].Replace("key 1 ", "key 7 ", StringComparison.Ordinal);
        var text = first.ToText() + newer;
        Assert.True(Keyring.TryParse(text, out var ring, out _));
        Assert.Equal([7UL, 1UL], ring!.Keys.Select(key => key.Version));
        Assert.True(ring.Keys[1].Secret.SequenceEqual(first.Keys[0].Secret));
        Assert.True(Keyring.TryParse(ring.ToText(), out var again, out _));
        Assert.Equal(ring.ToText(), again!.ToText());
    }

    [Fact]
    public void Neither_its_text_form_nor_that_of_anything_with_it_holds_a_key()
    {
        var ring = Keyring.Make();
        var secret = Convert.ToBase64String(ring.Keys[0].Secret);
        var hex = Convert.ToHexString(ring.Keys[0].Secret);
        var security = ClusterSecurity.FromKeyringText(ring.ToText());
        var options = new GossipNodeOptions { Security = security };
        string[] texts =
        [
            $"{ring}", $"{ring.Keys[0]}", $"{security}", $"{options}",
            $"{security.ForNode("c", TimeProvider.System)!.Keys[0]}",
            Assert.Throws<FormatException>(() => ClusterSecurity.FromKeyringText(ring.ToText() + "x")).ToString(),
        ];
        Assert.All(texts, text =>
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(hex, text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("hearsay keyring 1")]
    [InlineData("hearsay keyring 2\nkey 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("hearsay keyring 1\nkey 0 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("hearsay keyring 1\nkey -1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("hearsay keyring 1\nkey 1 AAAA")]
    [InlineData("hearsay keyring 1\nkey 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= AAAA")]
    [InlineData("hearsay keyring 1\nkez 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("hearsay keyring 1\noperator AAAA\nkey 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_ring_is_refused_with_a_reason(string text)
    {
        Assert.False(Keyring.TryParse(text, out var ring, out var error));
        Assert.Null(ring);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void No_text_makes_the_reader_throw() =>
        Gen.Select(Gen.Int[0, 200], Gen.Char.Array[0, 4]).Array[0, 5].Sample(edits =>
        {
            var text = Keyring.Make().ToText();
            foreach (var (at, with) in edits)
            {
                var place = Math.Min(at, text.Length);
                text = string.Concat(text.AsSpan(0, place), with, text.AsSpan(Math.Min(place + 1, text.Length)));
            }

            Assert.True(Keyring.TryParse(text, out var ring, out var error) ? ring is not null : error.Length > 0);
        });

    [Fact]
    public void Another_cluster_version_or_key_gives_other_record_keys()
    {
        var cipher = new SodiumCipher();
        byte[] one = [.. Enumerable.Repeat((byte)1, 32)], two = [.. Enumerable.Repeat((byte)2, 32)];
        RecordKey[] keys =
        [
            new(cipher, one, 1, "a"), new(cipher, one, 1, "b"), new(cipher, one, 2, "a"), new(cipher, two, 1, "a"),
        ];
        Assert.Equal(4, keys.Select(key => Convert.ToHexString(key.Bytes)).Distinct().Count());
        Assert.Equal(Convert.ToHexString(keys[0].Bytes), Convert.ToHexString(new RecordKey(cipher, one, 1, "a").Bytes));
    }
}
