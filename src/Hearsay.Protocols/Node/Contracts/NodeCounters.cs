namespace Hearsay.Protocols;

/// <summary>
/// What one node counted since it started. Fields only grow; the event loop writes them, any thread may read them (each
/// is exact, several of them may be a moment apart).
/// </summary>
public sealed class NodeCounters
{
    private readonly long[] _drops = new long[(int)DropReason.Throttled + 1];

    /// <summary>Cycles begun.</summary>
    public long Cycles { get; internal set; }

    /// <summary>Exchanges this node began.</summary>
    public long ExchangesStarted { get; internal set; }

    /// <summary>Of those, answered in time.</summary>
    public long ExchangesCompleted { get; internal set; }

    /// <summary>Of those, answered by another node than the one expected, or refused.</summary>
    public long ExchangesMisdirected { get; internal set; }

    /// <summary>Of those, not answered in time.</summary>
    public long ExchangesTimedOut { get; internal set; }

    /// <summary>Answers that came after their time-out and were used all the same.</summary>
    public long LateAnswers { get; internal set; }

    /// <summary>Exchanges other nodes began with this one.</summary>
    public long ExchangesAnswered { get; internal set; }

    /// <summary>
    /// Answers that carried fewer descriptors than they should, because the request was too short for more.
    /// </summary>
    public long AnswersShortened { get; internal set; }

    /// <summary>Times being contacted did not age the view because the sender or all together were too fast.</summary>
    public long AgeingsWithheld { get; internal set; }

    /// <summary>Entries that left the view because they did not answer.</summary>
    public long Evictions { get; internal set; }

    /// <summary>Peers that said they leave.</summary>
    public long Departures { get; internal set; }

    /// <summary>Attempts to join through contacts.</summary>
    public long JoinAttempts { get; internal set; }

    /// <summary>Contacts to remembered peers and seeds.</summary>
    public long Recontacts { get; internal set; }

    /// <summary>
    /// Times something was not answered at one address of a peer and the peer's address of the other family was next.
    /// </summary>
    public long Reroutes { get; internal set; }

    /// <summary>Peers of which the node forgot which of their addresses answers, to make room for others.</summary>
    public long RoutesForgotten { get; internal set; }

    /// <summary>Packets that named a higher incarnation of this node than its own, and so made it go above.</summary>
    public long Refutations { get; internal set; }

    /// <summary>Packets handed to the driver.</summary>
    public long PacketsSent { get; internal set; }

    /// <summary>Their bytes.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Packets taken from the driver, whatever became of them.</summary>
    public long PacketsReceived { get; internal set; }

    /// <summary>Their bytes.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Addresses that answered for the first time, or again after a long silence.</summary>
    public long AddressesProven { get; internal set; }

    /// <summary>
    /// Addresses that gave way to others in the tables of those that are proven and of those that did not answer yet.
    /// </summary>
    public long AddressesForgotten { get; internal set; }

    /// <summary>Packets that only ask an address whether somebody lives there.</summary>
    public long Looks { get; internal set; }

    /// <summary>Packets that waited until an address had answered for the first time.</summary>
    public long SendsHeld { get; internal set; }

    /// <summary>
    /// Packets that were not sent: more than an input may cause, to an address that does not answer, or one that waited
    /// for a proof and gave way to another.
    /// </summary>
    public long SendsRefused { get; internal set; }

    /// <summary>Handlers of application protocols that threw.</summary>
    public long ProtocolFaults { get; internal set; }

    /// <summary>How often something was dropped for a reason.</summary>
    public long Dropped(DropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    internal void Drop(DropReason reason) => _drops[(int)reason]++;
}
