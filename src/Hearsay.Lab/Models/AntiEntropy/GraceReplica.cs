namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>
/// Control: the last writer wins, a removal leaves a tombstone, and a tombstone is forgotten after a grace time. The
/// time passes with the node's own steps, as it does while another is away.
/// </summary>
/// <param name="index">Which node it is; decides between equal stamps.</param>
internal sealed class GraceReplica(int index) : ModelReplica
{
    private const int GraceSteps = 2;

    private readonly List<object> _leaving = [];
    private Dictionary<int, GraceEntry> _current = [];
    private Dictionary<int, GraceEntry> _durable = [];

    /// <inheritdoc/>
    public override UInt128 Shown => _current.Values.Aggregate((UInt128)0, (shown, entry) => shown | entry.Item);

    /// <inheritdoc/>
    public override bool IsDirty => _leaving.Count > 0;

    /// <inheritdoc/>
    public override ModelWrite? Write(StepKind kind, int key, int firstItem)
    {
        Age();
        var item = UInt128.One << firstItem;
        var next = (key + 1) % 2;
        KeyValuePair<int, UInt128>[] changes = kind switch
        {
            StepKind.Write or StepKind.Increment => [new(key, item)],
            StepKind.Remove when _current.TryGetValue(key, out var entry) && entry.Item != 0 => [new(key, 0)],
            StepKind.Batch => [new(key, item), new(next, item << 1)],
            StepKind.MixedBatch => [new(key, item), new(next, 0)],
            _ => [],
        };
        var message = changes.ToDictionary(change => change.Key, change => new GraceEntry(
            _current.TryGetValue(change.Key, out var before) ? before.Stamp + 1 : 1, index, change.Value, 0));
        if (message.Count == 0)
        {
            return null;
        }

        Merge(message);
        _leaving.Add(message);
        return new ModelWrite(message, changes.Aggregate((UInt128)0, (all, change) => all | change.Value));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<object> Sync()
    {
        _durable = new(_current);
        object[] leaving = [.. _leaving];
        _leaving.Clear();
        return leaving;
    }

    /// <inheritdoc/>
    public override bool Apply(object message)
    {
        Age();
        Merge((Dictionary<int, GraceEntry>)message);
        return true;
    }

    /// <inheritdoc/>
    public override object? Begin(ModelReplica from) =>
        new Dictionary<int, GraceEntry>(((GraceReplica)from)._current);

    /// <inheritdoc/>
    public override bool Finish(object exchange) => Apply(exchange);

    /// <inheritdoc/>
    public override void Cut(object exchange)
    {
    }

    /// <inheritdoc/>
    public override void Crash()
    {
        _current = new(_durable);
        _leaving.Clear();
    }

    /// <inheritdoc/>
    public override object Backup() => _durable;

    /// <inheritdoc/>
    public override void Restore(object? backup)
    {
        _durable = backup as Dictionary<int, GraceEntry> ?? [];
        Crash();
    }

    /// <inheritdoc/>
    public override void Clone(ModelReplica other) => Restore(other.Backup());

    /// <inheritdoc/>
    public override void Scrub()
    {
    }

    /// <inheritdoc/>
    public override void TrustWhatIsHere()
    {
    }

    /// <inheritdoc/>
    public override bool IsEqualTo(ModelReplica other) => Shown == other.Shown;

    /// <inheritdoc/>
    public override void AddPresentTo(ref StateHash hash) => Add(ref hash, _current);

    /// <inheritdoc/>
    public override void AddOwnTo(ref StateHash hash) => hash.Add((ulong)_leaving.Count);

    /// <inheritdoc/>
    public override void AddKeptTo(ref StateHash hash) => Add(ref hash, _durable);

    /// <inheritdoc/>
    public override void AddTo(ref StateHash hash, object? backup) =>
        Add(ref hash, backup as Dictionary<int, GraceEntry> ?? []);

    /// <inheritdoc/>
    public override void AddMessageTo(ref StateHash hash, object message) =>
        Add(ref hash, (Dictionary<int, GraceEntry>)message);

    /// <inheritdoc/>
    public override void AddExchangeTo(ref StateHash hash, object exchange) =>
        Add(ref hash, (Dictionary<int, GraceEntry>)exchange);

    private static void Add(ref StateHash hash, Dictionary<int, GraceEntry> entries)
    {
        hash.Add((ulong)entries.Count);
        foreach (var (key, entry) in entries.OrderBy(entry => entry.Key))
        {
            hash.Add((ulong)key);
            hash.Add(entry.Item);
            hash.Add((ulong)entry.Stamp);
            hash.Add((ulong)((entry.Age * 16) + entry.Node));
        }
    }

    private void Merge(Dictionary<int, GraceEntry> entries)
    {
        foreach (var (key, entry) in entries)
        {
            if (!_current.TryGetValue(key, out var mine) || entry.IsLaterThan(mine))
            {
                _current[key] = entry with { Age = 0 };
            }
        }
    }

    private void Age()
    {
        foreach (var (key, entry) in _current.ToArray())
        {
            if (entry.Item == 0 && entry.Age + 1 > GraceSteps)
            {
                _current.Remove(key);
            }
            else
            {
                _current[key] = entry with { Age = entry.Age + 1 };
            }
        }
    }

    private readonly record struct GraceEntry(int Stamp, int Node, UInt128 Item, int Age)
    {
        public bool IsLaterThan(GraceEntry other) =>
            Stamp != other.Stamp ? Stamp > other.Stamp : Node > other.Node;
    }
}
