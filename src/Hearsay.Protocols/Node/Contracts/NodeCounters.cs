namespace Hearsay.Protocols;

/// <summary>
/// The counters of one node since it started. They only grow. The event loop writes them, and any thread may read them.
/// Each value is exact, but several values may be a moment apart.
/// </summary>
public sealed class NodeCounters
{
    private readonly long[] _drops = new long[(int)DropReason.NotItsOwn + 1];

    /// <summary>Cycles started.</summary>
    public long Cycles { get; internal set; }

    /// <summary>Exchanges that this node started.</summary>
    public long ExchangesStarted { get; internal set; }

    /// <summary>Exchanges of this node that were answered in time.</summary>
    public long ExchangesCompleted { get; internal set; }

    /// <summary>
    /// Exchanges of this node that another node than the expected one answered, or that were refused.
    /// </summary>
    public long ExchangesMisdirected { get; internal set; }

    /// <summary>Exchanges of this node that were not answered in time.</summary>
    public long ExchangesTimedOut { get; internal set; }

    /// <summary>Answers that came after their time-out and were still used.</summary>
    public long LateAnswers { get; internal set; }

    /// <summary>Exchanges that other nodes started with this one.</summary>
    public long ExchangesAnswered { get; internal set; }

    /// <summary>
    /// Answers that carried fewer descriptors than they should, because the request was too short for more.
    /// </summary>
    public long AnswersShortened { get; internal set; }

    /// <summary>
    /// Times when a contact did not age the view, because the sender, or all senders together, were too fast.
    /// </summary>
    public long AgeingsWithheld { get; internal set; }

    /// <summary>Entries that left the view because their peers did not answer.</summary>
    public long Evictions { get; internal set; }

    /// <summary>Peers that reported that they leave.</summary>
    public long Departures { get; internal set; }

    /// <summary>Attempts to join through contacts.</summary>
    public long JoinAttempts { get; internal set; }

    /// <summary>Contacts to remembered peers and seeds.</summary>
    public long Recontacts { get; internal set; }

    /// <summary>Times when a peer did not answer at one address and its address of the other family was next.</summary>
    public long Reroutes { get; internal set; }

    /// <summary>Peers for which the node forgot which of their addresses answers, to make room for others.</summary>
    public long RoutesForgotten { get; internal set; }

    /// <summary>
    /// Packets that named a higher incarnation of this node than its own. The node then raised its incarnation above
    /// that.
    /// </summary>
    public long Refutations { get; internal set; }

    /// <summary>Packets handed to the driver.</summary>
    public long PacketsSent { get; internal set; }

    /// <summary>The bytes of <see cref="PacketsSent"/>.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Packets received from the driver, whether they were used or not.</summary>
    public long PacketsReceived { get; internal set; }

    /// <summary>The bytes of <see cref="PacketsReceived"/>.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Addresses that answered for the first time, or again after a long silence.</summary>
    public long AddressesProven { get; internal set; }

    /// <summary>
    /// Addresses that gave way to others in the tables of proven addresses and of those that have not answered yet.
    /// </summary>
    public long AddressesForgotten { get; internal set; }

    /// <summary>Packets that only ask an address whether a node is there.</summary>
    public long Looks { get; internal set; }

    /// <summary>Packets that waited until their address had answered for the first time.</summary>
    public long SendsHeld { get; internal set; }

    /// <summary>
    /// Packets that were not sent. They exceeded what an input may cause, went to an address that does not answer, or
    /// waited for a proof and gave way to another packet.
    /// </summary>
    public long SendsRefused { get; internal set; }

    /// <summary>Senders of records that were asked to prove that they are there now.</summary>
    public long Challenges { get; internal set; }

    /// <summary>Records of this node that were sent again, because their receiver asked for a proof.</summary>
    public long ChallengesAnswered { get; internal set; }

    /// <summary>
    /// Packets that were sent in pieces, because they were longer than a datagram and no stream could be opened.
    /// </summary>
    public long PiecedSent { get; internal set; }

    /// <summary>Packets that came in pieces.</summary>
    public long PiecedReceived { get; internal set; }

    /// <summary>
    /// Packets and pieces for which there was no room: too many waited to be sent, or to be completed.
    /// </summary>
    public long PiecedRefused { get; internal set; }

    /// <summary>Packets that were being sent in pieces, or waited for that, when receipts stopped coming.</summary>
    public long PiecedGivenUp { get; internal set; }

    /// <summary>Exceptions thrown by handlers of application protocols.</summary>
    public long ProtocolFaults { get; internal set; }

    /// <summary>Returns the number of times that received data was dropped for a reason.</summary>
    /// <param name="reason">The reason.</param>
    public long Dropped(DropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    internal void Drop(DropReason reason) => _drops[(int)reason]++;
}
