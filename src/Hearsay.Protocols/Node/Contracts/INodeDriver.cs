namespace Hearsay.Protocols;

/// <summary>
/// The environment of one node: it carries out everything that the node does. The live node implements it with sockets,
/// and a simulator with a queue of events.
/// </summary>
/// <remarks>
/// It is called only inside a call to <see cref="NodeCore"/>, on the thread of that call. It must not call back into
/// the node and must not throw. Spans are valid only during the call. It is an interface and not a generic struct,
/// because the context that protocols hold must be an object, and one virtual call is 0.01 % of the cost of a packet.
/// </remarks>
public interface INodeDriver
{
    /// <summary>
    /// Returns whether packets can be sent to an address, that is, whether this host supports its family.
    /// </summary>
    /// <param name="address">The address.</param>
    bool CanReach(in NodeAddress address);

    /// <summary>Sends one packet without waiting. It may be lost.</summary>
    /// <param name="to">The link over which the packet goes.</param>
    /// <param name="packet">The packet, valid only during the call. Copy it to keep it.</param>
    /// <returns>
    /// False if the packet was certainly not sent: the queue of the link is full, or there is no route to the address.
    /// </returns>
    bool Send(in Link to, ReadOnlySpan<byte> packet);

    /// <summary>
    /// Returns whether no stream to an address can be opened although datagrams come from it, as behind a firewall that
    /// passes UDP and not TCP. Packets that are longer than a datagram are then sent in pieces.
    /// </summary>
    /// <param name="to">The address.</param>
    bool IsStreamBlocked(in NodeAddress to) => false;

    /// <summary>
    /// Requests the seeds as they are known now. The node calls it when it tries to join, and rarely for as long as it
    /// runs. The driver answers with <see cref="NodeCore.SeedsResolved"/>: at once, again when it knows more, or never.
    /// </summary>
    void ResolveContacts();

    /// <summary>
    /// Whether requested contacts may still come, for instance because their names are being looked up. As long as this
    /// is true, a node that has not joined yet does not count as a network of one node.
    /// </summary>
    bool IsResolvingContacts => false;

    /// <summary>Reports something that an operator may want to know.</summary>
    /// <param name="notice">The notice.</param>
    void Notify(in NodeNotice notice);

    /// <summary>
    /// Reports a change of the view. It is called only while <see cref="NodeCore.ReportsViewChanges"/> is set.
    /// </summary>
    /// <param name="change">The change.</param>
    void OnViewChange(in ViewChange change);

    /// <summary>
    /// Reports what became of a question for the metadata of a peer. Every <see cref="NodeCore.FetchMetadata"/> is
    /// answered once: inside that call if the question cannot be sent, otherwise later.
    /// </summary>
    /// <param name="answer">The answer.</param>
    void OnMetadata(in MetadataAnswer answer)
    {
    }

    /// <summary>Passes an event of a protocol to the application.</summary>
    /// <param name="protocol">The id of the protocol.</param>
    /// <param name="happened">The event.</param>
    void Publish(byte protocol, object happened);
}
