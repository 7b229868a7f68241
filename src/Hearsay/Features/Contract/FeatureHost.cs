using System.Diagnostics.Metrics;
using Hearsay.Diagnostics;
using Hearsay.Loop;

namespace Hearsay.Features.Contract;

/// <summary>What a feature has of the node it runs in.</summary>
/// <param name="Loop">Runs its protocols, and takes its commands.</param>
/// <param name="Log">The node's log.</param>
/// <param name="Features">The features of the node, for those that stand on others.</param>
/// <param name="Meter">For instruments that are told each value. Null for none.</param>
internal sealed record FeatureHost(NodeLoop Loop, NodeLog Log, FeatureSet Features, Meter? Meter = null);
