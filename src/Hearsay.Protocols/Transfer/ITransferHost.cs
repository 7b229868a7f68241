namespace Hearsay.Protocols.Transfer;

/// <summary>
/// What a protocol lends the transfer of its bodies: the links to other nodes, and what becomes of a body. A link has a
/// slot, from 0 to 31, which the protocol may give to another node after
/// <see cref="Transfers{TBody}.ForgetLink"/>.
/// </summary>
/// <typeparam name="TBody">What the protocol knows of a body.</typeparam>
internal interface ITransferHost<in TBody>
    where TBody : TransferBody
{
    /// <summary>The instant of the input being handled.</summary>
    Instant Now { get; }

    /// <summary>The links that there are, by slot.</summary>
    uint Up { get; }

    /// <summary>The links over which a body may be asked for.</summary>
    uint MayAsk(TBody body) => Up;

    /// <summary>What the protocol puts before a chunk, in bytes.</summary>
    int HeadBytes { get; }

    /// <summary>About how long an answer over a link takes at least.</summary>
    TimeSpan RoundTrip(int slot);

    /// <summary>Sends a chunk.</summary>
    /// <param name="slot">The link.</param>
    /// <param name="frame">The chunk, behind <see cref="HeadBytes"/> that the protocol fills in.</param>
    /// <returns>False if the link takes no more now. It is tried again soon.</returns>
    bool TrySendChunk(int slot, Span<byte> frame);

    /// <summary>Sends a request or an answer.</summary>
    void Send(int slot, TransferAnswer kind, ReadOnlySpan<byte> body);

    /// <summary>Whether so many bytes more may go over a link because they were asked for; it counts if not.</summary>
    bool MayAnswer(int slot, int bytes);

    /// <summary>Whether so many chunks may go over a link unasked.</summary>
    bool MayFeed(int slot, int chunks);

    /// <summary>
    /// Whether a body that is whole here must not make way for another one yet: without this node it would be lost.
    /// </summary>
    bool MustKeep(TBody body) => false;

    /// <summary>All of a body is here.</summary>
    void OnWhole(TBody body);

    /// <summary>A body that was being received was given up, and is no longer in the table.</summary>
    void OnGivenUp(TBody body);
}
