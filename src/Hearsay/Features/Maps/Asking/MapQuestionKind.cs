namespace Hearsay.Features.Maps.Asking;

/// <summary>What a node is asked for.</summary>
internal enum MapQuestionKind : byte
{
    /// <summary>The entry of a key.</summary>
    Get = 1,

    /// <summary>The keys with a prefix, without what they have.</summary>
    Keys = 2,

    /// <summary>The entries with a prefix, as they are at one moment.</summary>
    Entries = 3,

    /// <summary>The entries with a prefix, and then every change.</summary>
    Watch = 4,

    /// <summary>The state of the map.</summary>
    Status = 5,

    /// <summary>To set a value.</summary>
    Set = 6,

    /// <summary>To remove a key or a field.</summary>
    Remove = 7,

    /// <summary>To add to a counter.</summary>
    Increment = 8,

    /// <summary>To add an element to a set.</summary>
    Add = 9,

    /// <summary>To remove an element from a set.</summary>
    Discard = 10,

    /// <summary>To raise a flag.</summary>
    Raise = 11,

    /// <summary>To write JSON lines.</summary>
    Import = 12,
}
