namespace Hearsay.Protocols.Rumors;

/// <summary>One rumor in a node's memory.</summary>
internal struct KnownRumor
{
    public RumorId Id;

    /// <summary>Its key, 0 where the place is free.</summary>
    public ulong Key;

    /// <summary>Its text, and in mode identity its proof behind it; null once nobody needs it.</summary>
    public byte[]? Text;

    public RumorState State;

    public RumorTally Tally;

    /// <summary>The nonce of the last message that showed that its sender knows it.</summary>
    public ulong ListedIn;

    /// <summary>Whether this node began it in this cycle; its first cycle is the next one.</summary>
    public bool BeganNow;

    /// <summary>When it was learned.</summary>
    public Instant Since;
}
