using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>One of the values that a node wants in a round, and how far it is with it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TournamentPull
{
    /// <summary>Who is asked; none before anybody is.</summary>
    public Peer Partner;

    /// <summary>Ties the answer to the pull; nobody else can know it.</summary>
    public ulong Id;

    /// <summary>When it was last sent.</summary>
    public Instant SentAt;

    /// <summary>How often this partner was asked since it last answered "not yet".</summary>
    public int Tries;

    /// <summary>How often it said "not yet".</summary>
    public int NotYets;

    /// <summary>Whether the value is there.</summary>
    public bool IsDone;

    /// <summary>Whether this partner has answered and gives no value: another is asked in the next look.</summary>
    public bool IsGivenUp;
}
