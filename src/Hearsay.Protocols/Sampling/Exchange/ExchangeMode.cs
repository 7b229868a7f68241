namespace Hearsay.Protocols;

/// <summary>What the sender of a request wants. The mode of the exchange decides, not that of the node asked.</summary>
[Flags]
public enum ExchangeMode : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The request carries descriptors to merge.</summary>
    Push = 1,

    /// <summary>The reply shall carry descriptors.</summary>
    Pull = 2,

    /// <summary>
    /// A look only: the node asked neither merges nor ages, so contacts outside the cycle do not bend the overlay.
    /// </summary>
    Look = 4,

    /// <summary>The sender joins: Cyclon starts the walks that give a newcomer its links.</summary>
    Join = 8,
}
