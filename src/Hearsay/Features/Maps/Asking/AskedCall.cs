using System.Diagnostics.CodeAnalysis;

namespace Hearsay.Features.Maps.Asking;

/// <summary>A call of another node: what has come of its question, and what has been sent of the answer.</summary>
/// <param name="answers">Answers it.</param>
/// <param name="length">The length of its question.</param>
[SuppressMessage("Design", "CA1001", Justification = "Without wait handles and timers they hold nothing to dispose.")]
internal sealed class AskedCall(MapAnswers answers, int length)
{
    /// <summary>So long a request waits for something to answer with.</summary>
    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _ended = new();

    /// <summary>One request at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1);
    private MemoryStream? _question = new();
    private IAsyncEnumerator<byte[]>? _pieces;
    private Task<bool>? _next;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>What it holds of its question, in bytes.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>Set to the time that gives it up.</summary>
    public ITimer? Idle { get; set; }

    /// <summary>Takes a part of the question, and answers what there is to answer.</summary>
    /// <returns>The answer; null if the part is malformed, or comes at a wrong time.</returns>
    public async Task<byte[]?> TakeAsync(ReadOnlyMemory<byte> part, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_ended.IsCancellationRequested || _question is not { } question
                || part.IsEmpty || part.Length > length - question.Length)
            {
                return null;
            }

            question.Write(part.Span);
            HeldBytes = (int)question.Length;
            var first = question.GetBuffer()[0];
            if (length > MapQuestion.LongestOf(first))
            {
                return null;
            }

            if (question.Length < length)
            {
                return [MapCallFrame.GoOn];
            }

            _question = null;
            if (!MapQuestion.TryRead(question.GetBuffer().AsMemory(0, length), out var read))
            {
                return null;
            }

            _pieces = answers.AnswerAsync(read, _ended.Token).GetAsyncEnumerator(_ended.Token);
            return await FillAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What comes next of the answer.</summary>
    /// <returns>The answer; null if the question is not complete.</returns>
    public async Task<byte[]?> NextAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return _pieces is null ? null : await FillAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Nobody waits any more.</summary>
    public async Task EndAsync()
    {
        Idle?.Dispose();
        await _ended.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_next is { } next)
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (_pieces is { } pieces)
            {
                _pieces = null;
                await pieces.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>As much as an answer holds, or as there is; if there is nothing, it waits a while.</summary>
    private async Task<byte[]> FillAsync(CancellationToken cancellation)
    {
        using var part = new MemoryStream();
        part.WriteByte(MapCallFrame.IsMore);
        while (true)
        {
            var take = Math.Min(_rest.Length, MapCallFrame.PartBytes - (int)part.Length);
            part.Write(_rest.Span[..take]);
            _rest = _rest[take..];
            if (part.Length == MapCallFrame.PartBytes)
            {
                return part.ToArray();
            }

            _next ??= _pieces!.MoveNextAsync().AsTask();
            if (!_next.IsCompleted && (part.Length > 1 || !await WaitAsync(_next, cancellation).ConfigureAwait(false)))
            {
                return part.ToArray();
            }

            if (!await TryTakeAsync(_next).ConfigureAwait(false))
            {
                part.GetBuffer()[0] = MapCallFrame.IsLast;
                part.Write(_rest.Span);
                return part.ToArray();
            }

            _next = null;
        }
    }

    private async Task<bool> WaitAsync(Task next, CancellationToken cancellation)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended.Token);
        await Task.WhenAny(next, Task.Delay(s_hold, both.Token)).ConfigureAwait(false);
        await both.CancelAsync().ConfigureAwait(false);
        return next.IsCompleted;
    }

    /// <summary>Takes a piece. What went wrong is the last one.</summary>
    private async Task<bool> TryTakeAsync(Task<bool> next)
    {
        try
        {
            var isThere = await next.ConfigureAwait(false);
            _rest = isThere ? _pieces!.Current : default;
            return isThere;
        }
        catch (Exception error) when (MapAnswers.RefusalOf(error) is { } refusal)
        {
            _rest = refusal;
            return false;
        }
    }
}
