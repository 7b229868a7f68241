using CsCheck;
using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.Tests.AntiEntropy.Dots;

public sealed class SequenceSetTests
{
    private static readonly Gen<HashSet<ulong>> AnyNumbers = Gen.ULong[1, 40].HashSet[0, 25];

    [Fact]
    public void It_holds_what_was_put_in_whatever_the_order() => AnyNumbers.Sample(numbers =>
    {
        var set = Of(numbers);
        for (ulong number = 1; number < 45; number++)
        {
            Assert.Equal(numbers.Contains(number), set.Contains(number));
        }

        Assert.Equal(Of(numbers.OrderDescending()), set);
        Assert.Equal(numbers.DefaultIfEmpty().Max(), set.Last);
        var prefix = 0UL;
        while (numbers.Contains(prefix + 1))
        {
            prefix++;
        }

        Assert.Equal(prefix, set.Prefix);
        Assert.Equal(set, SequenceSet.TryCreate(set.Ranges));
    });

    [Fact]
    public void Union_difference_and_inclusion_are_those_of_sets() =>
        Gen.Select(AnyNumbers, AnyNumbers, Gen.ULong[0, 42]).Sample((a, b, bound) =>
        {
            var (one, other) = (Of(a), Of(b));
            Assert.Equal(Of(a.Union(b)), one.Union(other));
            Assert.Equal(a.IsSupersetOf(b), one.Contains(other));
            Assert.Equal(a.Except(b).Order(), Numbers(one.Except(other)));
            Assert.Equal(Of(a.Where(number => number > bound)), one.Above(bound));
        });

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 2)]
    public void Ranges_that_are_none_are_refused(ulong first, ulong last) =>
        Assert.Null(SequenceSet.TryCreate([new SequenceRange(first, last)]));

    [Fact]
    public void Ranges_that_touch_or_go_back_are_refused()
    {
        Assert.Null(SequenceSet.TryCreate([new(1, 3), new(4, 5)]));
        Assert.Null(SequenceSet.TryCreate([new(7, 8), new(1, 3)]));
        Assert.NotNull(SequenceSet.TryCreate([new(1, 3), new(5, ulong.MaxValue)]));
    }

    private static SequenceSet Of(IEnumerable<ulong> numbers) =>
        numbers.Aggregate(SequenceSet.Empty, (set, number) => set.With(number));

    private static IEnumerable<ulong> Numbers(IEnumerable<SequenceRange> ranges)
    {
        foreach (var range in ranges)
        {
            for (var number = range.First; number <= range.Last; number++)
            {
                yield return number;
            }
        }
    }
}
