using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>Control: a row vanishes, the root of the store says nothing of it, and trust is kept.</summary>
internal sealed class DamagedRowReplica(int index, Dictionary<UInt128, int> items, ModelEpochs epochs)
    : DotsReplica(index, items, epochs)
{
    /// <inheritdoc/>
    protected override void OnDamage(RowClaim claim, bool vanishes)
    {
        Disk.Current = Disk.Current.Forget(claim);
        Disk.Durable = Disk.Durable.Forget(claim);
        Reopen();
    }
}
