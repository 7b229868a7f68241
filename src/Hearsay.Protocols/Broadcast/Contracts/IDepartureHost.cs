namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// What a node that leaves needs of its broadcast. Only inside the event loop, while an input is handled.
/// </summary>
internal interface IDepartureHost : IBroadcastHost
{
    /// <summary>Whether messages wait that the application has published before.</summary>
    bool HasWaitingPublishes { get; }

    /// <summary>Whether the node joins, or knows somebody who may become a neighbour.</summary>
    bool MayMeetSomebody { get; }

    /// <summary>Refuses the messages that wait, and tells who waits for them.</summary>
    void RefuseWaitingPublishes();

    /// <summary>Sends what is held back to go out together, and forgets messages that are too old.</summary>
    void SendWhatIsHeldBack();

    /// <summary>One of the two sources that the node publishes as, and its last sequence.</summary>
    (SourceKey Source, ulong Last) Own(bool isRepaired);

    /// <summary>A question was sent to a neighbour, which has to answer.</summary>
    void NoteSent(int slot);

    /// <summary>The round trip to a neighbour.</summary>
    TimeSpan RoundTrip(int slot);
}
