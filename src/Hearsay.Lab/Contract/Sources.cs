namespace Hearsay.Lab.Contract;

/// <summary>Where the expectations of claims come from.</summary>
internal static class Sources
{
    /// <summary>
    /// Measured by a program independent of this one, written after Jelasity, Voulgaris, Guerraoui, Kermarrec, van
    /// Steen, "Gossip-based Peer Sampling", ACM TOCS 25(3), 2007: half views, list positions, one run unless
    /// it says more.
    /// </summary>
    public const string Tocs = "independent program after TOCS 2007";

    /// <summary>A bound with room for chance, from what that paper reports or that program measured.</summary>
    public const string Bound = "bound after TOCS 2007";

    /// <summary>The same of Voulgaris, Gavidia, van Steen, "Cyclon", JNSM 13(2), 2005.</summary>
    public const string Cyclon = "independent program after JNSM 2005";
}
