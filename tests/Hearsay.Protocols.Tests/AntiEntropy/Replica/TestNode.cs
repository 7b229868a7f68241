using System.Text;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.Tests.AntiEntropy.Replica;

/// <summary>A replica with a store of its own, and what a driver does with it.</summary>
internal sealed class TestNode : IEpochSource
{
    public static readonly ReplicaOptions Options = new()
    {
        Digester = new RowDigester(1, 2), SketchKey = new SketchKey(3, 4), SketchCells = 64, LogLength = 3,
    };

    private readonly NodeId _id;
    private ulong _epochs;

    public TestNode(int id)
    {
        _id = new NodeId(1, (ulong)id);
        Replica = Open();
    }

    public TestStore Store { get; private set; } = new();

    public MapReplica Replica { get; private set; }

    public ulong Next() => (_id.Low << 32) + ++_epochs;

    public MapReplica Open() => Replica = MapReplica.Open(_id, Store, Options, this);

    /// <summary>Writes and gives the event, which leaves with the sync.</summary>
    public MapEvent Write(params MapChange[] changes)
    {
        Assert.Equal(WriteOutcome.Committed, Replica.Write(changes, time: 5, out _));
        return Sync();
    }

    public MapEvent Set(string key, byte value) => Write(Change(key, value));

    public MapEvent Remove(string key) => Write(MapChange.Remove(Path(key)));

    public MapEvent Sync()
    {
        var leaving = new List<MapEvent>();
        Assert.Equal(SyncOutcome.Done, Replica.Sync(leaving));
        return leaving.Count > 0 ? leaving[^1] : null!;
    }

    public static MapChange Change(string key, byte value) =>
        MapChange.Set(Path(key), RowKind.Register, new[] { value });

    public static RowPath Path(string key) => RowPath.Of(Encoding.UTF8.GetBytes(key));

    /// <summary>The values of a key, ascending.</summary>
    public byte[] Values(string key) =>
        [.. Replica.RowsOf(Path(key)).ToArray().Select(row => Store.Rows[row.Claim].Key.Value.Span[0]).Order()];

    /// <summary>The values of some keys as text.</summary>
    public string Shown(params string[] keys) => string.Join('|', keys.Select(key => string.Join(' ', Values(key))));

    /// <summary>What a counter is worth.</summary>
    public long Counter(string key) => Replica.RowsOf(Path(key)).ToArray().Where(row => row.Kind == RowKind.Share)
        .Sum(row => (long)CounterShare.Read(Store.Rows[row.Claim].Key.Value.Span).Value);

    /// <summary>Opens an exchange and stages all its parts.</summary>
    public ExchangeSession Stage(TestNode from)
    {
        Sync();
        from.Sync();
        var session = Replica.BeginExchange(from.Replica.Summary);
        var mine = Replica.Rows.Select(row => row.Digest).ToHashSet();
        var theirs = from.Replica.Rows.Select(row => row.Digest).ToHashSet();
        foreach (var entry in from.Replica.Rows.Where(row => !mine.Contains(row.Digest)).ToArray())
        {
            Assert.True(from.Replica.TryRead(entry.Claim, out var row));
            session.AddTheirs(row);
        }

        foreach (var entry in Replica.Rows.Where(row => !theirs.Contains(row.Digest)))
        {
            session.AddMine(entry.Claim);
        }

        return session;
    }

    public void Pull(TestNode from) => Assert.True(Replica.Complete(Stage(from)));

    /// <summary>Root and sketch are those of the rows, and those of the rows that are stored.</summary>
    public void AssertConsistent()
    {
        var (root, sketch) = ((UInt128)0, new SketchPrefix(Options.SketchKey, Options.SketchCells));
        foreach (var (row, _) in Store.Rows.Values)
        {
            var digest = Options.Digester.Of(row);
            root = unchecked(root + digest);
            sketch.Add((ulong)digest);
        }

        Assert.Equal(root, Replica.Root);
        Assert.Equal(root, Store.Claims.Root);
        Assert.Equal(sketch.Cells.ToArray(), Replica.Sketch.Cells.ToArray());
        Assert.Equal(Store.Claims.Context, Replica.Context);
    }
}
