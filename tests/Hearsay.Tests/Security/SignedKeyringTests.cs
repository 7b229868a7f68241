using CsCheck;
using Hearsay.Protocols.Security;
using Hearsay.Security;

namespace Hearsay.Tests.Security;

/// <summary>Keyrings with an operator: what nodes take of others, and what becomes of it.</summary>
public sealed class SignedKeyringTests
{
    private const ulong Start = 1_800_000_000;
    private const ulong Day = 86_400;

    private static readonly OperatorKey _operator = OperatorKey.Make();
    private static readonly Keyring _first = Keyring.Make(_operator, Start);

    [Fact]
    public void A_signed_ring_is_read_as_it_was_written_and_any_change_of_it_is_refused()
    {
        var ring = _first.Rotate(_operator, Start + 5, TimeSpan.FromDays(30));
        var text = ring.ToText();
        Assert.True(Keyring.TryParse(text, out var again, out var error), error);
        Assert.Equal(text, again!.ToText());
        Assert.Equal(ring.Digest, again.Digest);
        var refused = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            var isRing = Keyring.TryParse(changed, out var other, out _);
            refused += isRing ? 0 : 1;

            // The last letters before a '=' have bits that mean nothing, and letters of the number have two forms.
            Assert.True(!isRing || other!.Digest == ring.Digest, $"letter {i}");
        }

        Assert.True(refused > text.Length - 40, $"{refused} of {text.Length}");
    }

    [Fact]
    public void Every_bit_of_a_ring_that_another_node_sends_counts()
    {
        var ring = _first.Rotate(_operator, Start + 5, TimeSpan.FromDays(30));
        var body = Body(ring);
        for (var bit = 0; bit < 8 * body.Length; bit++)
        {
            var node = Node(_first);
            var changed = body.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var merge = node.Merge(changed);

            // The count and the new key, which comes first. What comes with a key that is known already is not used.
            var isNew = bit < 8 * (1 + SignedKeyring.KeyBytes);
            var expected = merge.IsRefused ? _first.Digest : ring.Digest;
            Assert.True(node.Digest == expected && (merge.IsRefused || !isNew), $"bit {bit}");
        }

        Assert.True(Node(_first).Merge(body).HasNews);
    }

    [Fact]
    public void What_is_no_ring_is_refused_without_an_exception_and_changes_nothing() =>
        Gen.Byte.Array[0, 1200].Sample(body =>
        {
            var node = Node(_first);
            var merge = node.Merge(body);
            Assert.True(merge is { IsRefused: true, HasNews: false });
            Assert.Equal(_first.Digest, node.Digest);
        });

    [Fact]
    public void A_key_of_another_ring_of_the_same_operator_is_refused()
    {
        var other = Keyring.Make(_operator, Start).Rotate(_operator, Start, TimeSpan.FromDays(1));
        Assert.True(Node(_first).Merge(Body(other)).IsRefused);
        Assert.True(Node(_first).Merge(Body(Keyring.Make(OperatorKey.Make(), Start))).IsRefused);
    }

    [Fact]
    public void Rings_merge_to_the_same_whatever_the_order_and_keep_the_newest_eight() =>
        Gen.Select(Gen.Int[0, 9].Array[0, 12], Gen.Int[0, 9].Array[0, 12]).Sample((left, right) =>
        {
            var (a, b) = (Of(left), Of(right));
            var (one, two) = (a.With(b.Keys, Start), b.With(a.Keys, Start));
            Assert.Equal(one.Digest, two.Digest);
            Assert.Equal(one.Digest, one.With(two.Keys, Start).Digest);
            Assert.InRange(one.Keys.Count, 1, NodeSecurity.MaximumKeys);
            Assert.Equal(Math.Max(a.Keys[0].Version, b.Keys[0].Version), one.Keys[0].Version);
        });

    [Fact]
    public void Old_keys_go_when_their_time_is_over_by_the_later_of_the_clock_and_what_was_signed()
    {
        var second = _first.Rotate(_operator, Start, TimeSpan.FromDays(30));
        Assert.Equal(2, second.Kept(Start + (30 * Day)).Keys.Count);
        Assert.Single(second.Kept(Start + (30 * Day) + 1).Keys);

        // A node whose clock is years behind drops it all the same, once a newer key was signed late enough.
        var third = second.Rotate(_operator, Start + (40 * Day), TimeSpan.FromDays(30));
        Assert.Equal([3UL, 2UL], third.Kept(0).Keys.Select(key => key.Version));

        // What is gone does not come back.
        Assert.Equal(2, third.Kept(0).With(_first.Keys, 0).Keys.Count);

        // An operator whose clock was ahead signs no key that ends the time of the others at once.
        var ahead = _first.Rotate(_operator, Start + (3650 * Day), TimeSpan.FromDays(30));
        var next = ahead.Rotate(_operator, Start + Day, TimeSpan.FromDays(30));
        Assert.Equal(3, next.Kept(Start + Day).Keys.Count);
    }

    [Fact]
    public void A_time_that_is_signed_at_the_end_of_all_numbers_does_not_go_round()
    {
        Assert.Equal(KeySigning.LastTime + uint.MaxValue, new KeySigning(ulong.MaxValue, uint.MaxValue).KeptUntil);
        var late = _first.Rotate(_operator, ulong.MaxValue, TimeSpan.MaxValue);
        Assert.True(Node(_first).Merge(Body(late)).IsRefused);
    }

    [Fact]
    public void A_node_writes_a_new_ring_to_its_file_and_leaves_a_ring_of_somebody_else_alone()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-ring-");
        var path = Path.Combine(directory.FullName, "keyring");
        SecretFile.Create(path, _first.ToText());
        var ring = _first.Rotate(_operator, Start, TimeSpan.FromDays(30));
        KeyringSaver.Merge(path, ring, Start);
        Assert.Equal(ring.ToText(), SecretFile.Read(path, Keyring.MaximumCharacters));

        // Another node of the machine has heard less: nothing is lost.
        KeyringSaver.Merge(path, _first, Start);
        Assert.Equal(ring.ToText(), SecretFile.Read(path, Keyring.MaximumCharacters));

        var other = Keyring.Make(_operator, Start).ToText();
        SecretFile.Replace(path, other);
        Assert.Throws<IOException>(() => KeyringSaver.Merge(path, ring, Start));
        Assert.Equal(other, SecretFile.Read(path, Keyring.MaximumCharacters));
        Assert.Single(Directory.GetFiles(directory.FullName));
        directory.Delete(recursive: true);
    }

    [Fact]
    public void No_text_of_anything_with_a_key_holds_it()
    {
        var ring = _first.Rotate(_operator, Start, TimeSpan.FromDays(30));
        var node = Node(ring);
        var security = new NodeSecurity(new SodiumCipher(), node);
        string[] secrets =
        [
            .. ring.Keys.SelectMany(key => new[]
            {
                Convert.ToBase64String(key.Secret), Convert.ToHexString(key.Secret),
            }),
            _operator.ToText().Split(' ')[^1].Trim(),
        ];
        var clustered = ClusterSecurity.FromKeyringText(ring.ToText());
        string?[] texts =
        [
            ring.ToString(), ring.Keys[0].ToString(), node.ToString(), security.ToString(), _operator.ToString(),
            security.Keys[0].ToString(), clustered.ToString(), clustered.Rotating().ToString(),
        ];
        Assert.All(texts, text => Assert.All(
            secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));
    }

    private static NodeKeyring Node(Keyring ring) => new(ring, "default", new SodiumCipher(), () => Start);

    private static byte[] Body(Keyring ring)
    {
        var body = new byte[SignedKeyring.MaximumBytes];
        return body[..NodeKeyring.Write(ring, body)];
    }

    /// <summary>The first ring with a key for each number, of versions that follow from it.</summary>
    private static Keyring Of(int[] numbers)
    {
        var ring = _first;
        foreach (var number in numbers)
        {
            var key = KeyringKey.Make((ulong)number + 1, ring.Number, new KeySigning(Start, 1000), _operator);
            ring = ring.With([key], Start);
        }

        return ring;
    }
}
