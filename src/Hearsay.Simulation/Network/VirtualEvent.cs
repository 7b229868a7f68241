using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// Something that will happen to a node: a packet, contacts that were resolved, or a moment at which it is due.
/// </summary>
/// <param name="Node">To whom.</param>
/// <param name="Packet">The packet, or null.</param>
/// <param name="Link">Where the packet comes from.</param>
/// <param name="Contacts">The contacts, or null.</param>
/// <param name="Life">The life of the node it belongs to: what was meant for an earlier one is dropped.</param>
internal readonly record struct VirtualEvent(
    VirtualNode Node, byte[]? Packet, Link Link, NodeAddress[]? Contacts, int Life);
