namespace Hearsay.Protocols.Node.Guard;

/// <summary>Why something is sent: what it may cost an address that never answered depends on it.</summary>
internal enum SendReason : byte
{
    /// <summary>A protocol has something to say. A long packet waits until its address has proven itself.</summary>
    Message,

    /// <summary>An exchange of views, which may be the first that an address hears, however long it is.</summary>
    Exchange,

    /// <summary>A contact that the operator named is asked: as often as it takes.</summary>
    Contact,

    /// <summary>
    /// What is handled makes the node tell an address that the sender named: once a datagram, and no more than came.
    /// </summary>
    OnBehalf,
}
