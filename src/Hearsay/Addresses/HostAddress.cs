using System.Net;

namespace Hearsay.Addresses;

/// <summary>An address of this host.</summary>
/// <param name="Address">The address.</param>
/// <param name="Interface">The name of the interface that has it.</param>
internal readonly record struct HostAddress(IPAddress Address, string Interface);
