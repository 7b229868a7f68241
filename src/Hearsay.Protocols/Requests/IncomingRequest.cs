namespace Hearsay.Protocols.Requests;

/// <summary>A request that came, from its arrival until its asker does not need the answer any more.</summary>
internal sealed class IncomingRequest
{
    /// <summary>When it came.</summary>
    public required Instant CameAt { get; init; }

    /// <summary>Until when its asker waits.</summary>
    public required Instant Deadline { get; init; }

    /// <summary>Whether its handler was begun and has not answered.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Whether its handler was told that nobody waits any more.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>How it ended.</summary>
    public RequestStatus Status { get; set; }

    /// <summary>The answer, as long as it is held.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }

    /// <summary>When it ended.</summary>
    public Instant EndedAt { get; set; }
}
