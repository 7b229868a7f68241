namespace Hearsay.Features.Maps.Asking;

/// <summary>Why a node that was asked does not do it.</summary>
internal enum MapRefusal : byte
{
    /// <summary>Its map does not take it, or it is busy, or it leaves.</summary>
    NotNow = 1,

    /// <summary>The question is not one.</summary>
    Malformed = 2,

    /// <summary>A line is malformed.</summary>
    Line = 3,
}
