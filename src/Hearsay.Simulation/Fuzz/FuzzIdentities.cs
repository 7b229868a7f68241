using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Simulation.Fuzz;

/// <summary>Mode identity in a campaign: the cryptography, and what the nodes of a network need of it.</summary>
/// <remarks>Used by many threads; for the same numbers it makes the same keys and tokens.</remarks>
internal abstract class FuzzIdentities
{
    /// <summary>The cryptography of packets.</summary>
    public abstract RecordCipher Records { get; }

    /// <summary>The keys and the token of a node that has just started.</summary>
    /// <param name="number">Which identity.</param>
    /// <param name="records">The cryptography of packets, with random bytes that can be repeated.</param>
    public abstract IdentitySecurity Make(int number, RecordCipher records);
}
