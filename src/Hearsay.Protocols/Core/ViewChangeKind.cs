namespace Hearsay;

/// <summary>The kinds of change of a view.</summary>
public enum ViewChangeKind
{
    /// <summary>A peer entered the view.</summary>
    Added,

    /// <summary>A peer left the view.</summary>
    Removed,

    /// <summary>A peer in the view changed its addresses or its metadata.</summary>
    Updated,

    /// <summary>The reader was too slow, so changes were dropped. Read the current view to catch up.</summary>
    Lagged,
}
