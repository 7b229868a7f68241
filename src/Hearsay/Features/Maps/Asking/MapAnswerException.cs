namespace Hearsay.Features.Maps.Asking;

/// <summary>A node that was asked answers something that cannot be read.</summary>
internal sealed class MapAnswerException()
    : IOException("The answer of the node cannot be read: it may be of another version.");
