using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>A removal as the log keeps it for peers that have not seen it.</summary>
/// <param name="Dot">The event.</param>
/// <param name="Entry">What it removed.</param>
internal sealed record LoggedRemoval(Dot Dot, EventEntry Entry);
