namespace Hearsay.Protocols.AntiEntropy;

/// <summary>
/// The node is about to leave: waits until another node has everything that was written here since the start.
/// </summary>
/// <param name="Limit">The most time for it; with zero nobody is asked.</param>
/// <param name="Done">Called inside the event loop; true if another node is known to have everything.</param>
internal sealed record MapHandOverCommand(TimeSpan Limit, Action<bool> Done);
