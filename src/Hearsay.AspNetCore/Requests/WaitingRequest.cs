namespace Hearsay.AspNetCore.Requests;

/// <summary>A request of another node that a caller is to answer.</summary>
/// <param name="request">The request.</param>
/// <param name="key">What the answer names.</param>
internal sealed class WaitingRequest(PeerRequest request, string key)
{
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _isOver;

    /// <summary>The request.</summary>
    public PeerRequest Request => request;

    /// <summary>What the answer names.</summary>
    public string Key => key;

    /// <summary>The answer.</summary>
    public Task<ReadOnlyMemory<byte>> Answer => _answer.Task;

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsOver
    {
        get => _isOver;
        set => _isOver = value;
    }

    /// <summary>A caller answers.</summary>
    public bool TryAnswer(ReadOnlyMemory<byte> payload) => _answer.TrySetResult(payload);

    /// <summary>Nobody will answer.</summary>
    public void Refuse() => _answer.TrySetException(new RequestRefusedException());
}
