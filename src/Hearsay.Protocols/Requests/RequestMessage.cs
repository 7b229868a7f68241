using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Requests;

/// <summary>
/// The messages of requests (frame protocol 7). Fixed numbers are big-endian; "varint" is <see cref="Varint"/>.
/// <code>
///  1 Ask        conversation 8, sequence varint, floor varint, flags 1 (1 not the first copy, 2 the conversation may
///               be new to you, 4 traced), milliseconds varint that the asker waits, name length 1, name, if traced:
///               trace id 16, span id 8; payload
///  2 Answer     conversation 8, sequence varint, status 1, microseconds varint since the request came, payload
///  3 Working    conversation 8, sequence varint, microseconds varint since the request came
///  4 Poll       conversation 8, sequence varint
///  5 Cancel     conversation 8, sequence varint
///  6 Close      conversation 8, the number after its last varint
///
///    asker                        responder
///      │── Ask 7 ──────────────────X │                 lost
///      │── Ask 7 (again) ───────────►│                 after the time-out, at most four copies
///      │◄────────────── Working 7 ───│                 not answered within 25 ms
///      │ X───────────── Answer 7 ────│                 lost
///      │── Poll 7 ──────────────────►│
///      │◄─────────────── Answer 7 ───│                 the handler ran once
/// </code>
/// </summary>
/// <remarks>
/// A conversation is a random number that the asker draws for each peer that it asks. Its requests are numbered from 1.
/// The floor is the lowest number that the asker still waits for, so the responder forgets what is below it, and never
/// handles a number below it. When the last request of a conversation that takes no more has ended, <c>Close</c> raises
/// its floor above all. (Lee et al., SOSP 2015, "RIFL", section 4, do the same on top of leases.)
/// </remarks>
internal static class RequestMessage
{
    /// <summary>The byte of the protocol.</summary>
    public const byte Protocol = 7;

    public const byte Ask = 1;
    public const byte Answer = 2;
    public const byte Working = 3;
    public const byte Poll = 4;
    public const byte Cancel = 5;
    public const byte Close = 6;

    /// <summary>The request was sent before.</summary>
    public const byte Again = 1;

    /// <summary>The asker has not heard anything of this conversation yet.</summary>
    public const byte Opens = 2;

    /// <summary>Behind the name are the trace and the span that ask.</summary>
    public const byte Traced = 4;

    /// <summary>A trace id of 16 bytes and a span id of 8, as W3C has them.</summary>
    public const int TraceBytes = 24;

    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MostNameBytes = 64;

    /// <summary>
    /// The numbers from the floor on that are used. One that is waited for longer holds the floor back: when the window
    /// is used up, further requests go into a new conversation.
    /// </summary>
    public const int Window = 4_096;

    /// <summary>More than any head takes.</summary>
    public const int MostHeadBytes = 8 + (3 * Varint.MostBytes) + 2 + MostNameBytes + TraceBytes;
}
