namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>A node of a schedule with what it must have, now and on its disks.</summary>
/// <param name="replica">What keeps its map.</param>
internal sealed class ModelNode(ModelReplica replica)
{
    private long _distrusted;

    /// <summary>What keeps its map.</summary>
    public ModelReplica Replica { get; } = replica;

    /// <summary>What it must have now.</summary>
    public Truth Truth { get; set; }

    /// <summary>What it must have after a crash.</summary>
    public Truth Durable { get; set; }

    /// <summary>The last but one durable state, with what belongs to it.</summary>
    public (object? Disk, Truth Truth) Older { get; set; }

    /// <summary>How many items it has written: they are numbered by node, so that the order of steps does not matter.
    /// </summary>
    public int Items { get; set; }

    /// <summary>An exchange that it has begun, and what the other must have had then.</summary>
    public (object Session, Truth Other, int From)? Exchange { get; set; }

    /// <summary>Whether it is cut off.</summary>
    public bool IsIsolated { get; set; }

    /// <summary>If the replica noticed damage, it must know no more of removals.</summary>
    public void NoteDistrust()
    {
        if (Replica.Distrusted != _distrusted)
        {
            _distrusted = Replica.Distrusted;
            Truth = Truth.Distrusted();
        }
    }
}
