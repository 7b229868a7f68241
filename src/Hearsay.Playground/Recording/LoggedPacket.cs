using System.Runtime.InteropServices;

namespace Hearsay.Playground.Recording;

/// <summary>A packet on its way, as the page draws it.</summary>
/// <param name="Number">Its number, in the order of sending.</param>
/// <param name="From">Who sent it.</param>
/// <param name="To">Whom it was sent to; -1 if nobody has the address.</param>
/// <param name="Kind">The protocol byte times 32, plus the type of its first frame.</param>
/// <param name="SentAt">When.</param>
/// <param name="ArrivesAt">When it comes; the moment of sending if it does not.</param>
/// <param name="IsLost">Whether it does not come.</param>
/// <param name="Bytes">Its length.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct LoggedPacket(
    int Number, int From, int To, int Kind, Instant SentAt, Instant ArrivesAt, bool IsLost, int Bytes)
{
    /// <summary>How many numbers it takes in a frame.</summary>
    public const int Numbers = 8;
}
