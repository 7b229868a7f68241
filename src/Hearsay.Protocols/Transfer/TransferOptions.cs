namespace Hearsay.Protocols.Transfer;

/// <summary>The bounds of the transfers of one protocol.</summary>
internal sealed record TransferOptions
{
    /// <summary>
    /// The most bytes of all bodies, of those that are held and of what has come of the others; each counts as
    /// <see cref="TransferManifest.LeastRoomBytes"/> at least.
    /// </summary>
    public required long RoomBytes { get; init; }

    /// <summary>The most bodies being received at once.</summary>
    public required int Places { get; init; }

    /// <summary>For how long nothing of a body may come before it is given up.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>
    /// How long others may ask for a body. One that is received more slowly than that is of no use to anybody else, and
    /// makes room.
    /// </summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>How often it is looked for bodies that are held for too long, while none is received.</summary>
    public required TimeSpan IdleTick { get; init; }
}
