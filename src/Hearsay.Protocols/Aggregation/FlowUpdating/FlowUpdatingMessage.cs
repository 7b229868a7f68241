namespace Hearsay.Protocols;

/// <summary>
/// What flow updating sends. Every message is one datagram and begins with
/// <code>
///  number    4 bytes   Exchange: the sender's next over this link; Answer, Refuse: of the exchange meant
/// </code>
/// and goes on, by type:
/// <code>
///  Exchange   count (1), each: aggregate (8), cells (1), per cell: flow to the receiver (8), estimate (8)
///  Answer     count (1), each: aggregate (8), cells (1), per cell: flow to the receiver (8)
///  Refuse     nothing: there is no link between us, or no longer
/// </code>
/// <code>
///    i, once a cycle                              j, one of its sticky neighbours
///     │ ── Exchange: F_i[j], e_i ───────────────► │ F_j[i] := −F_i[j]; a := (e_i + e_j)/2
///     │                                            │ F_j[i] += e_j − a; e_j := a
///     │ ◄────────────────── Answer: F_j[i] ────── │
///     │ F_i[j] := −F_j[i]                          │ lost: the next exchange over the link states it again
///     │                                            │
///     │ ── Exchange ──────────────────────────────► │ no room: Refuse; i drops F_i[j], its mass returns
/// </code>
/// <para>The first exchange with somebody asks for the link at the same time: whoever has room accepts by answering. A
/// flow states what a side holds, so a lost message does no harm. A doubled or overtaken one is known by its number.
/// When two exchanges cross on a link, the one of the side with the lower id counts: the other would undo half of
/// it. An aggregate of an exchange that the answer does not list is not known at j, and i drops its flow.</para>
/// </summary>
internal static class FlowUpdatingMessage
{
    /// <summary>The frame type of an exchange.</summary>
    public const byte Exchange = 1;

    /// <summary>The frame type of its answer.</summary>
    public const byte Answer = 2;

    /// <summary>The frame type "no link".</summary>
    public const byte Refuse = 3;

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
