using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>Writes to a map of <see cref="DeltaProtocol"/>.</summary>
/// <param name="Change">What is written.</param>
/// <param name="Stamp">The time of day in milliseconds.</param>
/// <param name="Done">Takes the event.</param>
internal sealed record DeltaWriteCommand(MapChange Change, ulong Stamp, Action<Dot> Done);
