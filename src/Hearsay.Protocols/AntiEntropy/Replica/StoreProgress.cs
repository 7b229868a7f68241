using System.Runtime.InteropServices;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>How far a store is with making transactions durable.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Durable">
/// How many of the transactions since <see cref="IReplicaStore.Load"/> are durable. It counts while others wait, and
/// when others are undone.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoreProgress(SyncOutcome State, long Durable)
{
    /// <summary>Everything committed is durable.</summary>
    public static StoreProgress Done { get; } = new(SyncOutcome.Done, long.MaxValue);

    /// <summary>Nobody knows what the store has.</summary>
    public static StoreProgress Failed { get; } = new(SyncOutcome.Failed, 0);
}
