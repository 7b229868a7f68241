namespace Hearsay.Protocols.Requests;

/// <summary>
/// A request of this node, as a command of the application and while it waits for its answer. Whoever asks derives from
/// it and is told the end, once.
/// </summary>
internal abstract class OutgoingRequest(Peer to, byte[] name, ReadOnlyMemory<byte> payload, TimeSpan timeout)
{
    /// <summary>Who is asked.</summary>
    public Peer To => to;

    /// <summary>The name of the handler, in UTF-8.</summary>
    public byte[] Name => name;

    /// <summary>What is asked. It must not change before the end.</summary>
    public ReadOnlyMemory<byte> Payload => payload;

    /// <summary>
    /// The trace and the span that ask, of <see cref="RequestMessage.TraceBytes"/>; empty for none.
    /// </summary>
    public ReadOnlyMemory<byte> Trace { get; init; }

    /// <summary>How long to wait.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>The conversation that it belongs to; null before it was sent and after its end.</summary>
    public OutgoingConversation? Conversation { get; set; }

    /// <summary>Its number there.</summary>
    public ulong Sequence { get; set; }

    /// <summary>When it began.</summary>
    public Instant BeganAt { get; set; }

    /// <summary>When it was last sent.</summary>
    public Instant SentAt { get; set; }

    /// <summary>When it is repeated, or asked about.</summary>
    public Instant RepeatAt { get; set; }

    /// <summary>The pause after the next repetition.</summary>
    public TimeSpan Pause { get; set; }

    /// <summary>Copies or polls in a row to which nothing came back.</summary>
    public int Tries { get; set; }

    /// <summary>Whether a copy was certainly sent, so that the request may have been handled.</summary>
    public bool WasSent { get; set; }

    /// <summary>Whether the responder has it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The moment after which nobody waits.</summary>
    public Instant Deadline => BeganAt + Timeout;

    /// <summary>The end. Called inside the event loop, once.</summary>
    /// <param name="status">What became of it.</param>
    /// <param name="payload">The answer, valid only during the call.</param>
    /// <param name="elapsed">The time since it began.</param>
    public abstract void Complete(RequestStatus status, ReadOnlySpan<byte> payload, TimeSpan elapsed);
}
