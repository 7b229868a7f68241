namespace Hearsay.Security;

/// <summary>When an operator signed a key, and what becomes of those before.</summary>
/// <param name="Time">When, in seconds since 1970.</param>
/// <param name="Keep">For so many seconds after that, older keys are kept.</param>
internal readonly record struct KeySigning(ulong Time, uint Keep)
{
    /// <summary>Later than any time that is signed: 9999.</summary>
    public const ulong LastTime = 253_402_300_799;

    /// <summary>When older keys are dropped, in seconds since 1970. It cannot overflow.</summary>
    public ulong KeptUntil => Math.Min(Time, LastTime) + Keep;
}
