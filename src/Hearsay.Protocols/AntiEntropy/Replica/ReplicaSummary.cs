using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What a replica tells a peer at the start of an exchange: all of it is durable.</summary>
/// <param name="Node">Who says it.</param>
/// <param name="Context">The events that it has seen.</param>
/// <param name="IsTrusted">Whether its context was proven.</param>
/// <param name="Root">The sum of the digests of its rows.</param>
/// <param name="Rows">How many rows it has.</param>
internal sealed record ReplicaSummary(NodeId Node, CausalContext Context, bool IsTrusted, UInt128 Root, int Rows);
