using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>One item of <see cref="GossipMap.WatchAsync"/>: an entry, a removal, or a notice of loss.
/// </summary>
/// <remarks>An immutable value that you may keep and pass to any thread.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MapUpdate
{
    /// <summary>The key; empty if this is a notice of loss.</summary>
    public string Key { get; init; }

    /// <summary>The new entry of the key. Null if the key was removed, or if this is a notice of loss.</summary>
    public MapEntry? Entry { get; init; }

    /// <summary>Whether this is part of the state at the beginning of the sequence, and not a later change.</summary>
    public bool IsState { get; init; }

    /// <summary>
    /// The number of changes that were dropped because this reader was too slow. If it is not 0, read the map again.
    /// The changes that follow are later than those that were dropped.
    /// </summary>
    public long Missed { get; init; }

    /// <summary>Whether this is a notice of loss.</summary>
    public bool IsLagged => Missed > 0;

    /// <summary>Whether the key was removed.</summary>
    public bool IsRemoved => Entry is null && !IsLagged;
}
