using CsCheck;

namespace Hearsay.Protocols.Tests;

public class SeededRandomTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(1000)]
    public void Below_is_uniform(int bound)
    {
        var random = new SeededRandom(8);
        var counts = new int[bound];
        for (var i = 0; i < 200 * bound; i++)
        {
            counts[random.Below(bound)]++;
        }

        Assert.InRange(ChiSquare.Z(counts, 200), -4, 4);
    }

    [Fact]
    public void Below_stays_in_its_range_for_any_bound() =>
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.ULong).Sample((bound, seed) =>
        {
            var random = new SeededRandom(seed);
            var number = random.Below(bound);
            return number >= 0 && number < bound;
        });

    [Fact]
    public void First_numbers_of_neighbouring_keys_are_uniform()
    {
        var counts = new int[50];
        for (var node = 0UL; node < 10_000; node++)
        {
            counts[SeededRandom.For(1, node, 1, 1).Below(50)]++;
        }

        Assert.InRange(ChiSquare.Z(counts, 200), -4, 4);
    }

    [Fact]
    public void Streams_for_different_keys_differ_and_for_the_same_key_agree()
    {
        var seen = new HashSet<ulong>();
        for (var key = 0; key < 81; key++)
        {
            SeededRandom Stream() =>
                SeededRandom.For((ulong)(key % 3), (ulong)(key / 3 % 3), (ulong)(key / 9 % 3), (ulong)(key / 27));
            var first = Stream();
            var second = Stream();
            for (var i = 0; i < 20; i++)
            {
                var number = first.NextUInt64();
                Assert.Equal(number, second.NextUInt64());
                Assert.True(seen.Add(number));
            }
        }
    }

    [Fact]
    public void The_sequence_is_the_same_on_every_machine_and_in_every_version()
    {
        // Computed apart from this code, from the definition of SplitMix64 and its finaliser.
        var random = SeededRandom.For(1, 2, 3, 4);
        ulong[] numbers = [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()];
        Assert.Equal([5163224635831764681UL, 3901856934963598321UL, 1827871879141230175UL], numbers);
    }

    [Fact]
    public void Shuffle_gives_every_order_equally_often()
    {
        var random = new SeededRandom(9);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 24_000; i++)
        {
            var letters = "abcd".ToCharArray();
            random.Shuffle(letters.AsSpan());
            var order = new string(letters);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.InRange(ChiSquare.Z(counts.Values, 1_000), -4, 4);
    }

    [Fact]
    public void A_time_between_two_is_between_them() => Gen.ULong.Sample(seed =>
    {
        var random = new SeededRandom(seed);
        var time = random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        return time >= TimeSpan.FromSeconds(1) && time < TimeSpan.FromSeconds(2);
    });
}
