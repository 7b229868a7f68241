namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>Why one side ends an exchange. The numbers are those on the wire.</summary>
internal enum EndReason : byte
{
    /// <summary>Everything came.</summary>
    Done = 0,

    /// <summary>Too many exchanges are open.</summary>
    Busy = 1,

    /// <summary>There is no such map or no such exchange.</summary>
    Unknown = 2,

    /// <summary>Too much has changed since the exchange began.</summary>
    Changed = 3,

    /// <summary>It would be longer than this node allows, or has more cells than there are.</summary>
    TooLarge = 4,

    /// <summary>The one that asks has all that was here a while ago; broadcast brings what is newer.</summary>
    OnItsWay = 5,
}
