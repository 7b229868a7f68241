using Hearsay.Features.Maps;
using Hearsay.Features.Maps.Storage;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Tests.Features.Maps.Storage;

/// <summary>What a commit writes of epochs that have ended.</summary>
public sealed class FoldedRecordsTests
{
    private const int Many = 100_000;

    private static readonly EpochId s_mine = new(new NodeId(1, 1), 77);

    private readonly MemoryMapStorage _disk = new();
    private ulong _written;

    [Fact]
    public void A_commit_writes_them_only_when_there_are_others()
    {
        var (part, _) = Open();
        var context = Folded(Many);
        Assert.InRange(Write(part, context), 4_900_000, 5_100_000);
        var once = Write(part, context = context.With(new Dot(s_mine, 2)));
        TestContext.Current.TestOutputHelper!.WriteLine($"a commit beside {Many} folded epochs: {once} bytes");
        Assert.InRange(once, 100, 400);
        Assert.InRange(Write(part, context = context.WithClosed(Epoch(Many + 1), 1)), 100, 600);
        Assert.InRange(Write(part, context.With(new Dot(Epoch(Many + 1), 1))), 4_900_000, 5_100_000);
    }

    [Fact]
    public void What_was_written_is_read_and_not_written_again()
    {
        var (part, _) = Open();
        var context = Folded(Many).With(new Dot(Epoch(3), 9)).WithClosed(Epoch(Many + 1), 4);
        Write(part, context);
        var (again, read) = Open();
        Assert.Equal((context, context), (read.Claims.Context, read.Claims.LogFloor));
        Assert.True(read.Claims.IsTrusted);
        Assert.InRange(Write(again, read.Claims.Context.With(new Dot(s_mine, 5)), read.Claims.LogFloor), 100, 900);
        Assert.Equal(read.Claims.Context.With(new Dot(s_mine, 5)), Open().Read.Claims.Context);
    }

    [Fact]
    public void A_commit_that_failed_has_written_none_of_them()
    {
        var (part, _) = Open();
        var context = Folded(Many);
        part.Encode([Transaction(context)], []);
        Assert.InRange(Write(part, context), 4_900_000, 5_100_000);
    }

    [Fact]
    public void A_few_stay_with_the_claims_as_earlier_versions_have_them()
    {
        var (part, _) = Open();
        Write(part, Folded(FoldedRecord.Few));
        Assert.Equal(1, _disk["m", [RecordCodec.Claims]][0]);
        Assert.DoesNotContain(_disk.Keys("m"), static key => key[0] == FoldedRecord.Kind);
        Assert.Equal(Folded(FoldedRecord.Few), Open().Read.Claims.Context);
    }

    [Fact]
    public void Claims_of_an_earlier_version_are_read_however_many_there_are()
    {
        using (var store = _disk.Open())
        {
            var claims = Transaction(Folded(Many)).Claims;
            store.Commit([new MapRecordChange("m", RecordCodec.ClaimsKey, RecordCodec.ToBytes(claims, 0, 0))]);
        }

        var (part, read) = Open();
        Assert.Equal(Folded(Many), read.Claims.Context);
        Write(part, read.Claims.Context);
        Assert.Equal((2, 2), (
            _disk["m", [RecordCodec.Claims]][0], _disk.Keys("m").Count(static key => key[0] == FoldedRecord.Kind)));
        Assert.Equal(Folded(Many), Open().Read.Claims.Context);
    }

    /// <summary>Without them nobody knows what was seen, so the rows that are there are all that is claimed.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void Without_a_record_of_them_nothing_is_claimed_and_it_is_made_anew(byte which, bool isGone)
    {
        var (part, _) = Open();
        Write(part, Folded(Many));
        if (isGone)
        {
            _disk.Remove("m", FoldedRecord.KeyOf(which));
        }
        else
        {
            _disk["m", FoldedRecord.KeyOf(which)][50_000] ^= 1;
        }

        var (again, read) = Open();
        Assert.Equal((CausalContext.Empty, (UInt128)0), (read.Claims.Context, read.Claims.Root));
        Assert.Equal((int)_written, read.Rows.Count());
        Write(again, CausalContext.Empty);
        Assert.DoesNotContain(_disk.Keys("m"), static key => key[0] == FoldedRecord.Kind);
        Write(again, Folded(Many));
        Assert.Equal(Folded(Many), Open().Read.Claims.Context);
    }

    private static CausalContext Folded(int count) => CausalContext.OfSorted(
        CausalContext.Empty.Open, CausalContext.Empty.Closed, CausalContext.Empty.Folded.AddRange(
            Enumerable.Range(1, count).Select(static i => KeyValuePair.Create(Epoch(i), 2UL))), []);

    private static EpochId Epoch(int number) => new(new NodeId(5, (ulong)number % 100 + 1), (ulong)number << 32);

    private ReplicaTransaction Transaction(CausalContext context, CausalContext? floor = null) => new(
        [KeyValuePair.Create(new MapRow(
            MapKeys.Path("k"), new Dot(s_mine, ++_written), RowKind.Register, 0, 0, true, new byte[] { 1 }),
            UInt128.One)],
        [], new ReplicaClaims(context, true, 1, [], floor ?? context), new LogChange([], 0));

    private (JournalPart Part, StoredReplica Read) Open()
    {
        var part = new JournalPart(new MapJournal(_disk.Open(), static _ => true, static _ => { }), "m");
        var read = part.Load();
        return (part, read with { Rows = [.. read.Rows] });
    }

    /// <summary>Commits a transaction; returns the bytes of all that it changed.</summary>
    private long Write(JournalPart part, CausalContext context, CausalContext? floor = null)
    {
        var changes = new List<MapRecordChange>();
        var done = part.Encode([Transaction(context, floor)], changes);
        using var store = _disk.Open();
        store.Commit(changes);
        done();
        return changes.Sum(static change => change.Key.Length + (change.Value?.Length ?? 0L));
    }
}
