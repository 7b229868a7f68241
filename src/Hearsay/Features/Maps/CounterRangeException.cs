namespace Hearsay.Features.Maps;

/// <summary>A counter would leave the range of 64 bits. Nothing is added.</summary>
internal sealed class CounterRangeException(string message) : InvalidOperationException(message);
