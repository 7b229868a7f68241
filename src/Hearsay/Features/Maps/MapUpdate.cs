using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>What a reader of <see cref="GossipMap.WatchAsync"/> receives: an entry, a removal, or a notice of loss.
/// </summary>
/// <remarks>An immutable value that you may keep and pass to any thread.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MapUpdate
{
    /// <summary>The key; empty if this is a notice of loss.</summary>
    public string Key { get; init; }

    /// <summary>What the key has now. Null if it was removed, or if this is a notice of loss.</summary>
    public MapEntry? Entry { get; init; }

    /// <summary>Whether this is part of the state at the beginning, and not a change after it.</summary>
    public bool IsState { get; init; }

    /// <summary>
    /// The number of changes that were dropped because this reader was too slow. Read the map again then: the changes
    /// that follow are later than those that were dropped.
    /// </summary>
    public long Missed { get; init; }

    /// <summary>Whether this is a notice of loss.</summary>
    public bool IsLagged => Missed > 0;

    /// <summary>Whether the key was removed.</summary>
    public bool IsRemoved => Entry is null && !IsLagged;
}
