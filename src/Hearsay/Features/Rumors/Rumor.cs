using System.Runtime.InteropServices;
using System.Text;

namespace Hearsay;

/// <summary>A rumor, as a subscriber receives it.</summary>
/// <remarks>
/// An immutable value that you may keep and pass to any thread. All subscribers of a node share the payload, so do not
/// write to it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Rumor
{
    /// <summary>
    /// The number of rumors that were dropped between the rumor before and this one because this reader was too slow; 0
    /// as a rule.
    /// </summary>
    public long MissedBefore { get; init; }

    /// <summary>
    /// The id of the rumor, the same on every node. It contains the id of the node that started the rumor. In mode
    /// identity a verified signature proves it; in the other modes nothing does.
    /// </summary>
    public RumorId Id { get; init; }

    /// <summary>
    /// The number of cycles (<see cref="RumorOptions.CycleTime"/>) since the rumor started, as counted by the nodes
    /// that passed it on.
    /// </summary>
    public int AgeCycles { get; init; }

    /// <summary>The payload of the rumor.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload as text, decoded from UTF-8. Each call allocates a string.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);
}
