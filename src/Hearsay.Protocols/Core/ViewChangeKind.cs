namespace Hearsay;

/// <summary>What happened to a view.</summary>
public enum ViewChangeKind
{
    /// <summary>A peer entered the view.</summary>
    Added,

    /// <summary>A peer left the view.</summary>
    Removed,

    /// <summary>A peer in the view changed its address or metadata.</summary>
    Updated,

    /// <summary>The reader was too slow: changes were dropped. Read the current view to catch up.</summary>
    Lagged,
}
