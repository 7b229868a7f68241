using System.Net;

namespace Hearsay.Addresses;

/// <summary>The interfaces of this host and where its packets leave.</summary>
internal interface IHostNetwork
{
    /// <summary>The addresses of all interfaces that are up, in the order of the operating system.</summary>
    IReadOnlyList<HostAddress> Addresses { get; }

    /// <summary>The address from which packets to a target leave; null if none leads there. Nothing is sent.</summary>
    IPAddress? Towards(IPEndPoint target);

    /// <summary>Calls back whenever an address came or went, until disposed; on any thread.</summary>
    IDisposable Watch(Action changed);
}
