using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>
/// Keeps the rows of a replica and what is claimed of them. One transaction holds rows, context, log and root, so that
/// they are never apart.
/// </summary>
/// <remarks>Used by one replica at a time, and by one thread.</remarks>
internal interface IReplicaStore
{
    /// <summary>Everything that was committed last.</summary>
    StoredReplica Load();

    /// <summary>One row, as it is stored now; false if the store does not have it.</summary>
    bool TryRead(RowClaim claim, out MapRow row);

    /// <summary>Does all of a transaction or nothing. It need not be durable yet.</summary>
    /// <returns>False if it was not done, or if that is unknown.</returns>
    bool Commit(ReplicaTransaction transaction);

    /// <summary>
    /// Makes everything committed durable, or tells how far that is: a store that does it elsewhere goes on, and has
    /// the replica asked again when there is news.
    /// </summary>
    StoreProgress Sync();
}
