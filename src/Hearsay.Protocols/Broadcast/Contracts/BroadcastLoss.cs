namespace Hearsay.Protocols;

/// <summary>Messages that never came to a node and will not come any more.</summary>
/// <param name="Origin">Who published them, as those messages say that came.</param>
/// <param name="Incarnation">Which of the publisher's lives.</param>
/// <param name="Messages">
/// How many, over all topics: nobody here knows their topics. Numbers of its sequence that nobody used, because one far
/// ahead was forged, would count too; a gap of more than 16 million is not counted.
/// </param>
/// <param name="Age">How long ago they were published at least.</param>
public readonly record struct BroadcastLoss(NodeId Origin, ulong Incarnation, long Messages, TimeSpan Age);
