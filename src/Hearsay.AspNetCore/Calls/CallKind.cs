namespace Hearsay.AspNetCore.Calls;

/// <summary>What a route does, as far as it matters for who may call it and how often.</summary>
internal enum CallKind
{
    /// <summary>It reads.</summary>
    Read,

    /// <summary>It changes something or publishes; the rate of these is limited.</summary>
    Write,

    /// <summary>It reads and needs no token: probes.</summary>
    Open,
}
