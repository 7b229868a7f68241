using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>
/// A disk in memory that can do what disks do: lose what was not synced, be an older one, damage rows.
/// </summary>
internal sealed class ModelDisk : IReplicaStore
{
    /// <summary>What the node reads and writes.</summary>
    public DiskImage Current { get; set; } = DiskImage.Empty;

    /// <summary>What survives a crash.</summary>
    public DiskImage Durable { get; set; } = DiskImage.Empty;

    /// <inheritdoc/>
    public StoredReplica Load() => new(
        Current.Rows.Values.Select(row => KeyValuePair.Create(row.Row, row.Digest)), Current.Claims);

    /// <inheritdoc/>
    public bool TryRead(RowClaim claim, out MapRow row)
    {
        var found = Current.Rows.TryGetValue(claim, out var stored);
        row = stored.Row;
        return found;
    }

    /// <inheritdoc/>
    public bool Commit(ReplicaTransaction transaction)
    {
        var rows = Current.Rows;
        foreach (var claim in transaction.Dropped)
        {
            rows = rows.Remove(claim);
        }

        foreach (var (row, digest) in transaction.Added)
        {
            rows = rows.SetItem(new RowClaim(row.Dot, row.Path), (row, digest));
        }

        Current = new DiskImage(rows, transaction.Claims);
        return true;
    }

    /// <inheritdoc/>
    public StoreProgress Sync()
    {
        Durable = Current;
        return StoreProgress.Done;
    }

    /// <summary>Changes a row on the disk, or makes it vanish.</summary>
    public void Damage(RowClaim claim, bool vanishes)
    {
        Current = Damaged(Current, claim, vanishes);
        Durable = Damaged(Durable, claim, vanishes);
    }

    private static DiskImage Damaged(DiskImage image, RowClaim claim, bool vanishes)
    {
        if (!image.Rows.TryGetValue(claim, out var row))
        {
            return image;
        }

        var value = row.Row.Value.ToArray();
        value[0] = 0xFF;
        return image with
        {
            Rows = vanishes ? image.Rows.Remove(claim)
                : image.Rows.SetItem(claim, (row.Row with { Value = value }, row.Digest)),
        };
    }
}
