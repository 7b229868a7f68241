namespace Hearsay.Diagnostics;

/// <summary>What an operator is told of stalls.</summary>
/// <param name="Times">How many there were since the last report.</param>
/// <param name="Late">By how much they were late, together.</param>
/// <param name="OfPool">
/// Whether only the thread pool was late: the node kept its cycles, and TCP, events and callbacks did not come.
/// </param>
internal readonly record struct StallReport(long Times, TimeSpan Late, bool OfPool);
