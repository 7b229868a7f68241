using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>One number of a node at one moment. Immutable.</summary>
/// <param name="Name">The name of its instrument, for instance <c>hearsay.exchanges</c>.</param>
/// <param name="Unit">
/// The unit in the notation of OpenTelemetry, for instance <c>{exchange}</c>, <c>By</c> or <c>s</c>.
/// </param>
/// <param name="Tag">
/// The key of the tag that tells this number from others of the instrument, for instance <c>hearsay.outcome</c>; null
/// if the instrument has one number.
/// </param>
/// <param name="TagValue">The value of the tag, for instance <c>completed</c>; null without a tag.</param>
/// <param name="Value">The number, of this node alone since it started.</param>
/// <param name="OnlyGrows">Whether it is a counter, and not a level that goes up and down.</param>
/// <param name="Description">What the instrument shows.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NodeMeasurement(
    string Name, string Unit, string? Tag, string? TagValue, double Value, bool OnlyGrows, string Description);
