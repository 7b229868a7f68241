namespace Hearsay;

/// <summary>What is exchanged and how a view is merged: the generic protocol or one of its named relatives.</summary>
public enum ExchangeForm
{
    /// <summary>Half views with healing and swap: the generic protocol (TOCS 2007, figure 1).</summary>
    HalfViews,

    /// <summary>
    /// Whole views, the c freshest are kept (Jelasity, Kowalczyk, van Steen, "Newscast Computing", 2003). Timestamps
    /// are ages in cycles here, so clocks need not agree. Removes dead entries fastest and clusters most.
    /// </summary>
    Newscast,

    /// <summary>
    /// The oldest entry is taken out and ℓ entries are swapped (Voulgaris, Gavidia, van Steen, "CYCLON", 2005). Links
    /// are conserved, which gives the tightest balance of in-degrees.
    /// </summary>
    Cyclon,
}
