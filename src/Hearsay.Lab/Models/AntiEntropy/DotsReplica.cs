using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>The product's replica on a disk that can fail.</summary>
internal class DotsReplica : ModelReplica
{
    private const long ExpiryOfKeyZero = 1;
    private const int MostDots = 64;

    private static readonly ReplicaOptions s_options = new()
    {
        Digester = new RowDigester(1, 2), SketchKey = new SketchKey(3, 4), SketchCells = 1, LogLength = 64,
    };

    private static readonly RowPath[] s_keys =
        [.. Enumerable.Range(0, ScheduleWorld.MostKeys).Select(key => RowPath.Of([(byte)('a' + key)]))];

    private readonly Dictionary<UInt128, int> _items;
    private readonly ModelEpochs _epochs;
    private readonly List<MapEvent> _leaving = [];
    private int _name;
    private long _distrustedBefore;

    /// <summary>A node with an empty disk.</summary>
    /// <param name="index">Which node it is.</param>
    /// <param name="items">The items of all rows by their digests; shared by all nodes.</param>
    /// <param name="epochs">Numbers its epochs.</param>
    public DotsReplica(int index, Dictionary<UInt128, int> items, ModelEpochs epochs)
    {
        (_name, _items, _epochs) = (index, items, epochs);
        Replica = Open();
    }

    /// <inheritdoc/>
    public override UInt128 Shown
    {
        get
        {
            UInt128 shown = 0;
            foreach (var row in Replica.Rows)
            {
                shown |= ItemOf(row.Digest);
            }

            return shown;
        }
    }

    /// <inheritdoc/>
    public override long Distrusted => _distrustedBefore + Replica.Counters.TrustLost;

    /// <inheritdoc/>
    public override bool IsTrusted => Replica.IsTrusted;

    /// <inheritdoc/>
    public override bool IsDirty => Replica.IsDirty;

    /// <inheritdoc/>
    public override bool WouldCrashMatter => IsDirty || Replica.Epoch is not null || Disk.Current.Rows.Count > 0;

    /// <inheritdoc/>
    public override IEnumerable<int> OnDisk =>
        Disk.Current.Rows.Values.Select(row => _items[row.Digest]).Order();

    /// <summary>The product.</summary>
    public MapReplica Replica { get; private set; }

    /// <summary>Its disk.</summary>
    protected ModelDisk Disk { get; } = new();

    /// <inheritdoc/>
    public override ModelWrite? Write(StepKind kind, int key, int firstItem)
    {
        var outcome = kind switch
        {
            StepKind.Expire => Replica.RemoveExpired(ExpiryOfKeyZero, patience: 0, out _),
            StepKind.Close => Replica.CloseEpochs(out _),
            _ => Replica.Write(ChangesOf(kind, key, firstItem), 0, out _),
        };
        if (outcome != WriteOutcome.Committed)
        {
            return null;
        }

        var message = Replica.Unsynced[^1];
        var (item, written) = (firstItem, (UInt128)0);
        foreach (var entry in message.Entries)
        {
            if (entry.Row is { } row)
            {
                _items[s_options.Digester.Of(row)] = item;
                written |= UInt128.One << item++;
            }
        }

        return new ModelWrite(message, written);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<object> Sync()
    {
        _leaving.Clear();
        Replica.Sync(_leaving);
        return _leaving;
    }

    /// <inheritdoc/>
    public override bool Apply(object message) => Replica.Apply((MapEvent)message) == ApplyOutcome.Applied;

    /// <inheritdoc/>
    public override object? Begin(ModelReplica from)
    {
        var other = ((DotsReplica)from).Replica;
        if (Replica.IsDirty || other.IsDirty)
        {
            return null;
        }

        var (mine, theirs) = (Replica.Summary, other.Summary);
        if (mine.Root == theirs.Root && mine.IsTrusted == theirs.IsTrusted && mine.Context.Equals(theirs.Context))
        {
            return null;
        }

        var session = Replica.BeginExchange(theirs);
        foreach (var row in other.Rows.ToArray())
        {
            if (Replica.RowsOf(row.Path).ToArray().Any(here => here.Digest == row.Digest))
            {
                continue;
            }

            if (!other.TryRead(row.Claim, out var read))
            {
                Cut(session);
                return null;
            }

            session.AddTheirs(read);
        }

        foreach (var row in Replica.Rows)
        {
            if (!other.RowsOf(row.Path).ToArray().Any(there => there.Digest == row.Digest))
            {
                session.AddMine(row.Claim);
            }
        }

        return session;
    }

    /// <inheritdoc/>
    public override bool? Differ(ModelReplica other)
    {
        var there = ((DotsReplica)other).Replica;
        if (Replica.IsDirty || there.IsDirty
            || !Replica.TryDiffer(there.Context, MostDots, out var mine)
            || !there.TryDiffer(Replica.Context, MostDots, out var theirs)
            || !Replica.ApplyDifference(theirs) || !there.ApplyDifference(mine))
        {
            return null;
        }

        return Replica.Context.Equals(there.Context) && Replica.Root != there.Root;
    }

    /// <inheritdoc/>
    public override bool Finish(object exchange) => Replica.Complete((ExchangeSession)exchange);

    /// <inheritdoc/>
    public override void Cut(object exchange) => Replica.Abort((ExchangeSession)exchange);

    /// <inheritdoc/>
    public override void Crash()
    {
        Disk.Current = Disk.Durable;
        Reopen();
    }

    /// <inheritdoc/>
    public override object Backup() => (Disk.Durable, _name);

    /// <inheritdoc/>
    public override void Restore(object? backup)
    {
        if (backup is ValueTuple<DiskImage, int> before)
        {
            (Disk.Durable, _name) = before;
        }
        else
        {
            Disk.Durable = DiskImage.Empty;
        }

        Crash();
    }

    /// <inheritdoc/>
    public override void Clone(ModelReplica other) => Restore(other.Backup());

    /// <inheritdoc/>
    public override bool Damage(int item, bool vanishes)
    {
        foreach (var (claim, stored) in Disk.Current.Rows)
        {
            if (_items[stored.Digest] == item)
            {
                OnDamage(claim, vanishes);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Scrub() => Replica.Scrub();

    /// <inheritdoc/>
    public override void TrustWhatIsHere() => Replica.TrustWhatIsHere();

    /// <inheritdoc/>
    public override bool IsEqualTo(ModelReplica other) =>
        Replica.Root == ((DotsReplica)other).Replica.Root
        && Replica.Context.Equals(((DotsReplica)other).Replica.Context);

    /// <inheritdoc/>
    public override void AddPresentTo(ref StateHash hash)
    {
        hash.Add((ulong)_name);
        hash.Add(Replica.Root);
        AddTo(ref hash, Disk.Current);
    }

    /// <inheritdoc/>
    public override void AddHiddenTo(ref StateHash hash)
    {
        hash.Add(Distrusted > 0 ? 1UL : 0);
        AddClaimsTo(ref hash, Disk.Current.Claims);
    }

    /// <inheritdoc/>
    public override void AddOwnTo(ref StateHash hash)
    {
        hash.Add(Replica.Epoch is { } epoch ? epoch.Number : 0);
        hash.Add((ulong)_epochs.Drawn);
        hash.Add(IsDirty ? 1UL : 0);
    }

    /// <inheritdoc/>
    public override void AddKeptTo(ref StateHash hash)
    {
        hash.Add((ulong)_name);
        AddTo(ref hash, Disk.Durable);
        AddClaimsTo(ref hash, Disk.Durable.Claims);
    }

    /// <inheritdoc/>
    public override void AddMessageTo(ref StateHash hash, object message)
    {
        var one = (MapEvent)message;
        AddBytesTo(ref hash, WireEncodings.ToBytes((ref WireWriter writer) => EventCodec.Write(ref writer, one)));
    }

    /// <inheritdoc/>
    public override void AddExchangeTo(ref StateHash hash, object exchange)
    {
        var session = (ExchangeSession)exchange;
        hash.Add(session.IsVoid ? 1UL : 0);
        hash.Add(session.Peer.IsTrusted ? 1UL : 0);
        hash.Add(s_options.Digester.Of(session.Peer.Context));
        UInt128 sum = 0;
        foreach (var row in session.OnlyTheirs)
        {
            sum = unchecked(sum + s_options.Digester.Of(row));
        }

        hash.Add(sum);
        foreach (var claim in session.OnlyMine.Order())
        {
            AddBytesTo(ref hash, claim.Path.Bytes);
            hash.Add(claim.Dot.Epoch.Number);
            hash.Add(claim.Dot.Sequence);
        }
    }

    /// <inheritdoc/>
    public override void AddTo(ref StateHash hash, object? backup)
    {
        if (backup is ValueTuple<DiskImage, int> before)
        {
            hash.Add((ulong)before.Item2);
            AddTo(ref hash, before.Item1);
            AddClaimsTo(ref hash, before.Item1.Claims);
        }
    }

    /// <summary>A row is damaged on the disk.</summary>
    protected virtual void OnDamage(RowClaim claim, bool vanishes) => Disk.Damage(claim, vanishes);

    /// <summary>Opens what is on the disk.</summary>
    protected void Reopen()
    {
        _distrustedBefore += Replica.Counters.TrustLost;
        Replica = Open();
    }

    /// <summary>What a step changes.</summary>
    protected static MapChange[] ChangesOf(StepKind kind, int key, int item)
    {
        var next = (key + 1) % 2;
        return kind switch
        {
            StepKind.Write => [Set(key, item)],
            StepKind.Remove => [MapChange.Remove(s_keys[key])],
            StepKind.Increment => [MapChange.Increment(s_keys[key], 1)],
            StepKind.Batch => [Set(key, item), Set(next, item + 1)],
            _ => [Set(key, item), MapChange.Remove(s_keys[next])],
        };
    }

    /// <summary>The rows of a key on the disk.</summary>
    protected RowClaim[] RowsOnDisk(int key) =>
        [.. Disk.Current.Rows.Keys.Where(claim => claim.Path.IsWithin(s_keys[key]))];

    private static MapChange Set(int key, int item) =>
        MapChange.Set(s_keys[key], RowKind.MultiValue, new[] { (byte)item }, key == 0 ? ExpiryOfKeyZero : 0);

    private MapReplica Open() =>
        MapReplica.Open(new NodeId(1, (ulong)_name + 1), Disk, s_options, _epochs);

    private UInt128 ItemOf(UInt128 digest) => _items.TryGetValue(digest, out var item)
        ? UInt128.One << item : throw new InvalidOperationException("A row that nobody wrote was taken.");

    private static void AddTo(ref StateHash hash, DiskImage image)
    {
        foreach (var (_, (row, digest)) in image.Rows)
        {
            hash.Add(digest);
            hash.Add(s_options.Digester.Of(row) == digest ? 1UL : 0);
        }

        var claims = image.Claims;
        hash.Add(claims.IsTrusted ? 1UL : 2);
        hash.Add(s_options.Digester.Of(claims.Context));
    }

    /// <summary>What is claimed beside the rows: it decides which removals can be told.</summary>
    private static void AddClaimsTo(ref StateHash hash, ReplicaClaims claims)
    {
        hash.Add(claims.Root);
        hash.Add(s_options.Digester.Of(claims.LogFloor));
        foreach (var removal in claims.Log)
        {
            AddBytesTo(ref hash, WireEncodings.ToBytes((ref WireWriter writer) =>
                EventCodec.Write(ref writer, removal)));
        }
    }

    private static void AddBytesTo(ref StateHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.Add((ulong)bytes.Length);
        hash.Add(s_options.Digester.Of(bytes));
    }
}
