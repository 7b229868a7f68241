namespace Hearsay.Protocols;

/// <summary>
/// The world as one node sees it: everything a node does to it. The live node implements it with sockets, a simulator
/// with a queue of events.
/// </summary>
/// <remarks>
/// Called only from inside a call to <see cref="NodeCore"/>, on the thread of that call. Must not call back into the
/// node and must not throw. Spans are valid only during the call. (An interface and not a generic struct sink: the
/// context that protocols hold must be an object, and one virtual call is 0.01 % of the cost of a packet.)
/// </remarks>
public interface INodeDriver
{
    /// <summary>Whether packets can be sent to an address: whether this host speaks its family.</summary>
    bool CanReach(in NodeAddress address);

    /// <summary>Sends one packet, without waiting; it may be lost.</summary>
    /// <returns>
    /// False if it was surely not sent: the queue of the link is full, or there is no way to that address.
    /// </returns>
    bool Send(in Link to, ReadOnlySpan<byte> packet);

    /// <summary>
    /// Asks for the seeds as they are known now: when the node tries to join, and rarely for as long as it runs. They
    /// come with <see cref="NodeCore.SeedsResolved"/>, now and again if more becomes known, or never.
    /// </summary>
    void ResolveContacts();

    /// <summary>Tells what an operator may want to know.</summary>
    void Notify(in NodeNotice notice);

    /// <summary>A change of the view; only called while <see cref="NodeCore.ReportsViewChanges"/> is set.</summary>
    void OnViewChange(in ViewChange change);

    /// <summary>An event of an application protocol.</summary>
    void Publish(byte protocol, object happened);
}
