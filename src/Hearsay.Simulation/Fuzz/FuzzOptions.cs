using Hearsay.Protocols.Security;
using Hearsay.Simulation.Fuzz;

namespace Hearsay.Simulation;

/// <summary>What a campaign runs. Immutable.</summary>
public sealed record FuzzOptions
{
    /// <summary>How many seeds.</summary>
    /// <value>Default 200.</value>
    public int Seeds { get; init; } = 200;

    /// <summary>The first seed.</summary>
    /// <value>Default 1.</value>
    public ulong SeedStart { get; init; } = 1;

    /// <summary>Threads; the results do not depend on it.</summary>
    /// <value>Default 0: one for every core.</value>
    public int Threads { get; init; }

    /// <summary>For how many failing seeds the shortest plan is looked for.</summary>
    /// <value>Default 3.</value>
    public int Shrinks { get; init; } = 3;

    /// <summary>
    /// The cryptography of records: the nodes run in mode key then, each network with a key of its own. Null for mode
    /// open.
    /// </summary>
    internal RecordCipher? Cipher { get; init; }

    /// <summary>
    /// The cryptography of identities: the nodes run in mode identity then, each with keys of its own. Null for the
    /// other modes.
    /// </summary>
    internal FuzzIdentities? Identities { get; init; }

    /// <summary>Whether packets are protected, so that there are attackers on the path.</summary>
    internal bool IsProtected => Cipher is not null || Identities is not null;

    /// <summary>
    /// One case in place of seeds, as a failure prints it: a seed, and after a blank a fault plan in place of its own.
    /// </summary>
    /// <value>Default null.</value>
    public string? Replay { get; init; }
}
