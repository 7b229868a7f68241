namespace Hearsay;

/// <summary>The state of a map on one node. Immutable.</summary>
/// <param name="Keys">The number of keys.</param>
/// <param name="Rows">
/// The number of rows: values, also concurrent ones, shares of counters, elements and flags.
/// </param>
/// <param name="SizeBytes">The bytes of keys and values.</param>
/// <param name="Root">
/// A digest of all rows. Nodes with the same root and the same <see cref="ContextHash"/> have the same map.
/// </param>
/// <param name="ContextHash">A digest of all events that the node has seen.</param>
/// <param name="IsTrusted">
/// Whether the node's rows were found to be complete. A node that found damage is not trusted until it has compared all
/// rows with a trusted node.
/// </param>
/// <param name="IsCompared">
/// Whether the node has compared the map with another node since it began to hold it. It then has at least everything
/// that the other node had at that time.
/// </param>
public sealed record MapStatus(
    int Keys, int Rows, long SizeBytes, string Root, string ContextHash, bool IsTrusted, bool IsCompared);
