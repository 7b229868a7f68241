namespace Hearsay.AspNetCore.Topics;

/// <summary>Messages that this node itself missed.</summary>
/// <param name="Missed">How many, at least those of the topic.</param>
internal sealed record LaggedItem(long Missed);
