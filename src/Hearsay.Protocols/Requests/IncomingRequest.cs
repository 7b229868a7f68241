using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Requests;

/// <summary>A request that came, from its arrival until its asker does not need the answer any more.</summary>
internal sealed class IncomingRequest
{
    /// <summary>Its asker may be told how it stands at once, and then ever more rarely.</summary>
    private WideningPace _telling = new(TimeSpan.FromMilliseconds(25), TimeSpan.FromSeconds(2));

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

    /// <summary>Whether its asker may be told now how it stands, because a copy or a question came.</summary>
    public bool TryTell(Instant now) => _telling.TryTake(now);

    /// <summary>When it ended.</summary>
    public Instant EndedAt { get; set; }
}
