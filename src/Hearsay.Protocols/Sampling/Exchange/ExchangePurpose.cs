namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>Why a node began an exchange.</summary>
internal enum ExchangePurpose : byte
{
    /// <summary>Its cycle.</summary>
    Cycle,

    /// <summary>To join through a contact.</summary>
    Join,

    /// <summary>To see whether a remembered peer or seed is reachable again.</summary>
    Recontact,

    /// <summary>To ask a node whether it has this node's id.</summary>
    Contest,
}
