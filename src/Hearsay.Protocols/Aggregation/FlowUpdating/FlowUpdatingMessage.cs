using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.FlowUpdating;

/// <summary>
/// What flow updating sends. Every message is one datagram and begins with
/// <code>
///  number    4 bytes   Exchange: the sender's next over this link; Answer, Refuse: of the message meant
/// </code>
/// and goes on, by type:
/// <code>
///  Exchange   count (1), each: aggregate (8), cells (1), per cell: flow to the receiver (8), estimate (8)
///  Answer     count (1), each: aggregate (8), cells (1), per cell: flow to the receiver (8)
///  Refuse     nothing: there is no link between us, or no longer
///  Probe      count (1), 0: do you want this link? An Answer without aggregates says yes
/// </code>
/// <code>
///    i                                            j, which has no link to i, but room for one
///     │ ── Exchange ──────────────────────────────► │
///     │ ◄──────────────────────────────── Probe ── │ nothing is kept but the place
///     │ ── Answer, empty ────────────────────────► │ the link is up at j; i's next exchange is answered
///     │                                            │
///    i, once a cycle                              j, one of its sticky neighbours
///     │ ── Exchange: F_i[j], e_i ───────────────► │ F_j[i] := −F_i[j]; a := (e_i + e_j)/2
///     │                                            │ F_j[i] += e_j − a; e_j := a
///     │ ◄────────────────── Answer: F_j[i] ────── │
///     │ F_i[j] := −F_j[i]                          │ lost: the next exchange over the link states it again
///     │                                            │
///     │ ── Exchange ──────────────────────────────► │ no room: Refuse; i drops F_i[j], its mass returns
/// </code>
/// <para>The first exchange with somebody asks for the link at the same time. Whoever has room does not take it in, but
/// asks back once, with a number that cannot be guessed, and no more bytes than came: a link is confirmed by who
/// answers an exchange or a probe of one's own, and by nothing else.</para>
/// <para>A flow states what a side holds, so a lost message does no harm. A doubled or overtaken one is known by its
/// number. When two exchanges cross on a link, the one of the side with the lower id counts: the other would undo half
/// of it. An aggregate of an exchange that the answer does not list is not known at j, and i drops its flow.</para>
/// </summary>
internal static class FlowUpdatingMessage
{
    /// <summary>The frame type of an exchange.</summary>
    public const byte Exchange = 1;

    /// <summary>The frame type of its answer.</summary>
    public const byte Answer = 2;

    /// <summary>The frame type "no link".</summary>
    public const byte Refuse = 3;

    /// <summary>The frame type "do you want this link".</summary>
    public const byte Probe = 4;

    /// <summary>The longest body.</summary>
    public const int MaximumBytes = AggregationMessage.DatagramBytes;

    /// <summary>The bytes of an aggregate in an exchange.</summary>
    public static int SectionBytes(int cells) => sizeof(ulong) + 1 + (2 * sizeof(double) * cells);

    /// <summary>Reads a section, its numbers unchecked.</summary>
    /// <param name="reader">Stands at it.</param>
    /// <param name="id">The aggregate.</param>
    /// <param name="flows">Its flows.</param>
    /// <param name="estimates">Its estimates; empty where the message has none.</param>
    /// <returns>How many cells it has; 0 if it is cut off or has too many.</returns>
    public static int ReadSection(
        ref WireReader reader, out ulong id, scoped Span<double> flows, scoped Span<double> estimates)
    {
        id = reader.ReadUInt64();
        var cells = reader.ReadByte();
        if (cells > flows.Length)
        {
            return 0;
        }

        for (var i = 0; i < cells; i++)
        {
            flows[i] = reader.ReadDouble();
            if (!estimates.IsEmpty)
            {
                estimates[i] = reader.ReadDouble();
            }
        }

        return reader.Failed ? 0 : cells;
    }
}
