using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Aggregation.PushPull;

/// <summary>An exchange that was begun and not answered yet.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PendingExchange
{
    /// <summary>Ties the answer to the request; nobody else can know it.</summary>
    public ulong Id;

    /// <summary>Who was asked.</summary>
    public Peer Partner;

    /// <summary>When it was first sent.</summary>
    public Instant SentAt;

    /// <summary>When it is sent again; never if it is not.</summary>
    public Instant RepeatAt;

    /// <summary>How long to wait after the next repetition.</summary>
    public TimeSpan Wait;

    /// <summary>How often it was sent.</summary>
    public int Tries;

    /// <summary>Whether it waits until the partner has answered for the first time: nothing was exchanged.</summary>
    public bool Waits;

    /// <summary>What is wanted.</summary>
    public ExchangeKind Kind;

    /// <summary>Whether another partner may be tried in its place in this cycle, and how often.</summary>
    public int PartnersLeft;
}
