using Hearsay.Protocols;

namespace Hearsay.Simulation.Checks;

/// <summary>What an address got that has not answered.</summary>
/// <param name="At">When it was last sent something.</param>
/// <param name="Times">How often it was.</param>
/// <param name="HeardBytes">The longest datagram that came from it since then; 0 if none did.</param>
internal readonly record struct SeenStranger(Instant At, int Times, int HeardBytes);
