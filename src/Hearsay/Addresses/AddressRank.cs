namespace Hearsay.Addresses;

/// <summary>How likely others reach this host at one of its addresses; the first is best.</summary>
internal enum AddressRank
{
    /// <summary>Packets to a seed leave from it.</summary>
    TowardsSeed,

    /// <summary>Packets to a seed leave from it, but into a network of containers or virtual machines.</summary>
    TowardsSeedOnThisHost,

    /// <summary>Packets into the world leave from it.</summary>
    DefaultRoute,

    /// <summary>An interface has it.</summary>
    Ordinary,

    /// <summary>A bridge to containers or virtual machines of this host has it.</summary>
    Container,

    /// <summary>An IPv4 address that the host gave itself because nobody else did (169.254.0.0/16).</summary>
    SelfAssigned,

    /// <summary>Only this host reaches it.</summary>
    Loopback,

    /// <summary>An IPv6 address of one link, whose zone means nothing to others, or of nobody.</summary>
    Unusable,
}
