using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>
/// An estimate of the number of nodes in the network, as one node knows it. An immutable value that you may keep and
/// pass to any thread.
/// </summary>
/// <param name="Size">The estimated number of nodes, this one included.</param>
/// <param name="Error">
/// How far the size may typically be from the number on which the nodes will agree, in nodes. It does not show errors
/// that all nodes share; see <see cref="AggregateEstimate.Error"/>.
/// </param>
/// <param name="IsWhole">
/// Whether the size was measured in a whole epoch in which this node took part. If not, it comes from the epoch under
/// way, once this node agrees with others, or from three partners that know it.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NetworkSizeEstimate(double Size, double Error, bool IsWhole)
{
    /// <summary>Nothing is known.</summary>
    internal static NetworkSizeEstimate None => new(double.NaN, double.PositiveInfinity, IsWhole: false);

    /// <summary>Whether it can be reckoned with.</summary>
    internal bool IsUsable => Size is >= 1 and <= 1e12 && Error >= 0 && Error <= Size;
}
