using CsCheck;
using Hearsay.Protocols.Aggregation.Sketches;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Tests;

public class HyperLogLogTests
{
    private static readonly KeyedHash Hash = new(3, 4);
    private static readonly Gen<ulong[]> Items = Gen.ULong[0, 40].Array[0, 60];

    [Fact]
    public void Union_is_idempotent_commutative_and_associative() => Gen.Select(Items, Items, Items).Sample(
        (a, b, c) =>
        {
            var (one, two, three) = (Of(a), Of(b), Of(c));
            Assert.Equal(one, Merged(one, one));
            Assert.Equal(Merged(one, two), Merged(two, one));
            Assert.Equal(Merged(Merged(one, two), three), Merged(one, Merged(two, three)));
            Assert.Equal(Of([.. a, .. b]), Merged(one, two));
        },
        iter: 300);

    [Fact]
    public void Merge_tells_whether_anything_was_learned() => Gen.Select(Items, Items).Sample(
        (a, b) =>
        {
            var (one, two) = (Of(a), Of(b));
            var union = Merged(one, two);
            return HyperLogLog.Merge(one.AsSpan(), two) == !union.SequenceEqual(Of(a));
        },
        iter: 300);

    [Theory]
    [InlineData(4, 5_000)]
    [InlineData(8, 100)]
    [InlineData(10, 10)]
    [InlineData(10, 2_500)]
    [InlineData(12, 100_000)]
    [InlineData(14, 3)]
    [InlineData(14, 40_000)]
    public void The_error_is_that_of_the_paper_small_counts_included(int precision, int distinct)
    {
        const int Runs = 40;
        var (squares, sum) = (0.0, 0.0);
        for (var run = 0; run < Runs; run++)
        {
            var registers = new byte[HyperLogLog.RegisterCount(precision)];
            for (var item = 0; item < distinct; item++)
            {
                HyperLogLog.Add(registers, new KeyedHash((ulong)run, 1).Of((ulong)item));
            }

            var error = (HyperLogLog.Estimate(registers) / distinct) - 1;
            (squares, sum) = (squares + (error * error), sum + error);
        }

        // 40 runs know a standard error to 11 %; below the number of registers it is smaller than the paper's.
        var expected = HyperLogLog.RelativeError(1 << precision);
        Assert.InRange(Math.Sqrt(squares / Runs), 0, 1.4 * expected);
        Assert.InRange(sum / Runs, -3.5 * expected / Math.Sqrt(Runs), 3.5 * expected / Math.Sqrt(Runs));
    }

    [Fact]
    public void Nothing_added_is_zero() => Assert.Equal(0, HyperLogLog.Estimate(new byte[64]));

    [Fact]
    public void Control_a_merge_that_adds_counts_an_item_twice()
    {
        var registers = Of([.. Enumerable.Range(0, 3_000).Select(item => (ulong)item)]);
        var merged = registers.Select(register => (byte)(2 * register)).ToArray();
        Assert.NotEqual(registers, merged);
        Assert.True(HyperLogLog.Estimate(merged) > 10 * HyperLogLog.Estimate(registers));
    }

    [Fact]
    public void Packed_registers_come_back_whole_or_in_parts() => Items.Sample(items =>
    {
        var registers = Of(items);
        var packed = new byte[HyperLogLog.PackedBytes(registers.Length)];
        HyperLogLog.Pack(registers, packed);
        var back = new byte[registers.Length];
        Assert.True(HyperLogLog.TryUnpack(packed.AsSpan(0, 12), back.AsSpan(0, 16), 6));
        Assert.True(HyperLogLog.TryUnpack(packed.AsSpan(12), back.AsSpan(16), 6));
        return back.SequenceEqual(registers);
    });

    [Fact]
    public void Hostile_bytes_are_refused_or_give_a_finite_estimate() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[4, 6]).Sample((packed, precision) =>
        {
            var registers = new byte[1 << precision];
            if (HyperLogLog.TryUnpack(packed, registers, precision))
            {
                Assert.Equal(HyperLogLog.PackedBytes(registers.Length), packed.Length);
                Assert.True(registers.All(register => register <= 64 - precision + 1));
                Assert.True(HyperLogLog.Estimate(registers) >= 0);
            }
            else
            {
                Assert.Equal(0, HyperLogLog.Estimate(registers));
            }
        });

    [Fact]
    public void A_register_no_hash_can_reach_is_refused()
    {
        var (registers, packed) = (new byte[16], new byte[12]);
        registers[5] = 61;
        HyperLogLog.Pack(registers, packed);
        Assert.True(HyperLogLog.TryUnpack(packed, registers, 4));
        registers[5] = 62;
        HyperLogLog.Pack(registers, packed);
        Assert.False(HyperLogLog.TryUnpack(packed, registers, 4));
    }

    [Fact]
    public void Adding_and_merging_allocate_nothing()
    {
        var (registers, others) = (new byte[1 << 12], Of([1, 2, 3]));
        Array.Resize(ref others, registers.Length);
        HyperLogLog.Merge(registers, others);
        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            for (var i = 0UL; i < 100; i++)
            {
                HyperLogLog.Add(registers, Hash.Of(i));
                HyperLogLog.Merge(registers, others);
                _ = HyperLogLog.Estimate(registers);
            }
        }));
    }

    private static byte[] Of(ulong[] items)
    {
        var registers = new byte[64];
        Array.ForEach(items, item => HyperLogLog.Add(registers, Hash.Of(item)));
        return registers;
    }

    private static byte[] Merged(byte[] one, byte[] other)
    {
        var merged = (byte[])one.Clone();
        HyperLogLog.Merge(merged, other);
        return merged;
    }
}
