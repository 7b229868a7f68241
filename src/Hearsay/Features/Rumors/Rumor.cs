using System.Runtime.InteropServices;
using System.Text;

namespace Hearsay;

/// <summary>A rumor as a subscriber gets it, or the notice that rumors were missed.</summary>
/// <remarks>
/// A value that may be kept and passed to any thread. All subscribers of a node share the payload: do not write to it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Rumor
{
    /// <summary>
    /// How many rumors this reader did not get because it was too slow; 0 for a rumor.
    /// </summary>
    public long Missed { get; init; }

    /// <summary>Whether this is no rumor but the notice that some were missed.</summary>
    public bool IsLagged => Missed > 0;

    /// <summary>The rumor's name, the same on every node. It names the node that began the rumor, as that one says.
    /// </summary>
    public RumorId Id { get; init; }

    /// <summary>
    /// The number of cycles (<see cref="RumorOptions.CycleTime"/>) since it began, as counted by the nodes that passed
    /// it on.
    /// </summary>
    public int AgeCycles { get; init; }

    /// <summary>What was spread.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload as UTF-8 text; allocates.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);
}
