using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>Control: a removal is no event and does not say what it has seen; whatever is at the key goes.</summary>
internal sealed class BareRemovalReplica(int index, Dictionary<UInt128, int> items, ModelEpochs epochs)
    : DotsReplica(index, items, epochs)
{
    private readonly List<object> _removals = [];

    /// <inheritdoc/>
    public override bool IsDirty => base.IsDirty || _removals.Count > 0;

    /// <inheritdoc/>
    public override ModelWrite? Write(StepKind kind, int key, int firstItem)
    {
        if (kind != StepKind.Remove)
        {
            return base.Write(kind, key, firstItem);
        }

        var removal = new BareRemoval(key);
        if (!Remove(removal))
        {
            return null;
        }

        _removals.Add(removal);
        return new ModelWrite(removal, 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<object> Sync()
    {
        object[] leaving = [.. base.Sync(), .. _removals];
        _removals.Clear();
        return leaving;
    }

    /// <inheritdoc/>
    public override bool Apply(object message) =>
        message is BareRemoval removal ? Remove(removal) : base.Apply(message);

    /// <inheritdoc/>
    public override void AddOwnTo(ref StateHash hash)
    {
        base.AddOwnTo(ref hash);
        hash.Add((ulong)_removals.Count);
    }

    /// <inheritdoc/>
    public override void AddMessageTo(ref StateHash hash, object message)
    {
        if (message is BareRemoval removal)
        {
            hash.Add((ulong)removal.Key);
        }
        else
        {
            base.AddMessageTo(ref hash, message);
        }
    }

    private bool Remove(BareRemoval removal)
    {
        var rows = RowsOnDisk(removal.Key);
        foreach (var claim in rows)
        {
            Disk.Current = Disk.Current.Forget(claim);
        }

        Disk.Sync();
        Reopen();
        return rows.Length > 0;
    }

    private sealed record BareRemoval(int Key);
}
