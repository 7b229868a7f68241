using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Rows;

public sealed class RowDigesterTests
{
    private static readonly MapRow Row = new(
        RowPath.Of("k"u8), new Dot(new EpochId(new NodeId(1, 2), 3), 4), RowKind.Register, 5, 6, false,
        new byte[] { 7, 8 });

    [Fact]
    public void Every_field_of_a_row_and_the_secret_change_its_digest()
    {
        var (digester, epoch) = (new RowDigester(1, 2), Row.Dot.Epoch);
        MapRow[] others =
        [
            Row with { Path = RowPath.Of("l"u8) }, Row with { Path = Row.Path.Child("x"u8) },
            Row with { Dot = Row.Dot with { Sequence = 9 } },
            Row with { Dot = Row.Dot with { Epoch = epoch with { Number = 9 } } },
            Row with { Dot = Row.Dot with { Epoch = epoch with { Node = new NodeId(1, 9) } } },
            Row with { Dot = Row.Dot with { Epoch = epoch with { Node = new NodeId(9, 2) } } },
            Row with { Kind = RowKind.Flag }, Row with { Stamp = 9 }, Row with { Expiry = 9 },
            Row with { IsWhole = true },
            Row with { Value = new byte[] { 7, 9 } }, Row with { Value = new byte[] { 7 } },
        ];
        UInt128[] digests =
        [
            digester.Of(Row), .. others.Select(digester.Of),
            new RowDigester(1, 9).Of(Row), new RowDigester(9, 2).Of(Row),
        ];
        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(digests.Length, digests.Select(digest => (ulong)digest).Distinct().Count());
        Assert.Equal(digester.Of(Row), digester.Of(Row with { Value = new byte[] { 7, 8 } }));
    }

    [Fact]
    public void A_large_value_has_a_digest_like_a_small_one()
    {
        var digester = new RowDigester(1, 2);
        var value = new byte[1 << 20];
        var before = digester.Of(Row with { Value = value });
        value[^1] = 1;
        Assert.NotEqual(before, digester.Of(Row with { Value = value }));
    }
}
