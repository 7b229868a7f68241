namespace Hearsay.Cli.Play.Live;

/// <summary>What was seen at one look.</summary>
/// <param name="Number">Counts the looks.</param>
/// <param name="At">When, in ticks of the stopwatch.</param>
/// <param name="Frame">The frame as an event; null if nothing could be seen.</param>
/// <param name="Nodes">How many nodes are known.</param>
/// <param name="Trouble">Why nothing can be seen; null if all is well.</param>
internal sealed record LiveMoment(long Number, long At, byte[]? Frame, int Nodes, string? Trouble);
