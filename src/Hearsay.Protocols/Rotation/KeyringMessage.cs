namespace Hearsay.Protocols.Rotation;

/// <summary>
/// The messages with which keyrings spread (frame protocol 11). They are only read in records, and are the only frames
/// that a key opens which has been replaced. Numbers are big-endian.
/// <code>
///  1 Ask    digest 8 of the sender's ring; without one: of none
///  2 Keys   count 1; for each key: version 8, time 8 (when it was signed, seconds since 1970), keep 4 (for so many
///           seconds after that, older keys are kept), secret 32, signature 64
///  3 Same   digest 8
///
///    asker                  asked
///      │── Ask 7 ─────────────►│
///      │◄──────────── Same 7 ──│     both have the same: from now on each seals with its newest key for the other
///
///      │── Ask 7 ─────────────►│
///      │◄──────────── Keys 9 ──│     merges
///      │── Keys 11 ───────────►│     if the other one lacks some of the union; it merges
///      │◄─────────── Same 11 ──│
/// </code>
/// The signature is the operator's (Ed25519) over: <c>hearsay keyring key 2</c>, number 8 of the ring, version, time,
/// keep, secret. The number of a ring is drawn when it is made, so a key of one ring is none of another.
/// </summary>
internal static class KeyringMessage
{
    /// <summary>The byte of the protocol.</summary>
    public const byte Protocol = 11;

    public const byte Ask = 1;
    public const byte Keys = 2;
    public const byte Same = 3;
}
