using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>How many nodes the network has, as one node knows it. A value: keep it, pass it to any thread.</summary>
/// <param name="Size">About how many nodes there are, this one included.</param>
/// <param name="Error">
/// How far that may typically be from what the nodes will agree on, in nodes. It does not show what everybody has in
/// common: see <see cref="AggregateEstimate.Error"/>.
/// </param>
/// <param name="IsWhole">
/// Whether it was measured in a whole epoch that this node took part in. Else it is what is known before: of the epoch
/// under way, where this node has come to agree with others, or told by three partners who know.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NetworkSizeEstimate(double Size, double Error, bool IsWhole)
{
    /// <summary>Nothing is known.</summary>
    internal static NetworkSizeEstimate None => new(double.NaN, double.PositiveInfinity, IsWhole: false);

    /// <summary>Whether it can be reckoned with.</summary>
    internal bool IsUsable => Size is >= 1 and <= 1e12 && Error >= 0 && Error <= Size;
}
