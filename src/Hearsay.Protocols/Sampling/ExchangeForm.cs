namespace Hearsay;

/// <summary>The form of the exchange and the merge: the generic protocol or one of its named relatives.</summary>
public enum ExchangeForm
{
    /// <summary>Half views with healing and swap: the generic protocol (TOCS 2007, figure 1).</summary>
    HalfViews,

    /// <summary>
    /// Whole views, of which the c freshest entries are kept (Jelasity, Kowalczyk, van Steen, "Newscast Computing",
    /// 2003). Timestamps are ages in cycles here, so clocks need not agree. Dead entries disappear fastest, and
    /// clustering is highest.
    /// </summary>
    Newscast,

    /// <summary>
    /// The oldest entry is removed and ℓ entries are swapped (Voulgaris, Gavidia, van Steen, "CYCLON", 2005). The
    /// number of links is conserved, which balances in-degrees best.
    /// </summary>
    Cyclon,
}
