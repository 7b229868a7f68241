using Hearsay.Protocols;

namespace Hearsay.Features.Maps.Asking;

/// <summary>The calls of other nodes that are under way, which are bounded.</summary>
/// <param name="answers">Answers them.</param>
/// <param name="time">Gives up those whose askers are gone.</param>
internal sealed class AskedCalls(MapAnswers answers, TimeProvider time)
{
    /// <summary>Calls at a time.</summary>
    public const int MostCalls = 64;

    /// <summary>Calls of one node at a time.</summary>
    public const int MostOfOne = 8;

    /// <summary>What all calls together hold of questions that are not complete, in bytes.</summary>
    public const int MostHeldBytes = 48 << 20;

    /// <summary>After so long without a request a call is given up.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<(NodeId Asker, ulong Call), AskedCall> _calls = [];
    private bool _completed;
    private long _begun;
    private long _refused;
    private long _malformed;
    private long _givenUp;

    /// <summary>Calls that were taken.</summary>
    public long Begun => Interlocked.Read(ref _begun);

    /// <summary>Calls that were not taken, because too many were under way.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Requests that were malformed, or of a call that is not there.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Calls whose askers asked no more.</summary>
    public long GivenUp => Interlocked.Read(ref _givenUp);

    /// <summary>Calls that are under way.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>Answers a request.</summary>
    /// <param name="asker">Who asks.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Nobody waits for this answer any more.</param>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(
        NodeId asker, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        if (!MapCallFrame.TryRead(request, out var kind, out var id, out var length, out var part))
        {
            return Malform();
        }

        var (key, call) = ((asker, id), (AskedCall?)null);
        if (kind == MapCallFrame.Begin)
        {
            if (part.IsEmpty || length > MapQuestion.LongestOf(part.Span[0]))
            {
                return Malform();
            }

            call = new AskedCall(answers, length);
            if (WhyRefused(key, call) is { } why)
            {
                Interlocked.Increment(ref _refused);
                return Last(MapRefusal.NotNow, why);
            }

            Interlocked.Increment(ref _begun);
        }
        else if (!TryFind(key, out call))
        {
            return kind == MapCallFrame.End ? new byte[] { MapCallFrame.IsLast } : Malform();
        }

        if (kind == MapCallFrame.End)
        {
            await EndAsync(key).ConfigureAwait(false);
            return new byte[] { MapCallFrame.IsLast };
        }

        return await AnswerAsync(key, call, kind == MapCallFrame.Next, part, cancellation).ConfigureAwait(false);
    }

    /// <summary>The node has stopped.</summary>
    public void Complete()
    {
        (NodeId, ulong)[] all;
        lock (_gate)
        {
            (_completed, all) = (true, [.. _calls.Keys]);
        }

        Array.ForEach(all, key => _ = EndAsync(key));
    }

    private async Task<byte[]> AnswerAsync(
        (NodeId, ulong) key, AskedCall call, bool isNext, ReadOnlyMemory<byte> part, CancellationToken cancellation)
    {
        byte[]? answer = null;
        try
        {
            call.Idle?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            answer = IsBeyond(part.Length) ? Last(MapRefusal.NotNow, "The node is busy with other questions.")
                : isNext ? await call.NextAsync(cancellation).ConfigureAwait(false)
                : await call.TakeAsync(part, cancellation).ConfigureAwait(false);
            answer ??= Malform();
        }
        catch (OperationCanceledException)
        {
            return [MapCallFrame.IsMore]; // Nobody waits for it.
        }
        finally
        {
            if (answer is null or [MapCallFrame.IsLast, ..] && !cancellation.IsCancellationRequested)
            {
                await EndAsync(key).ConfigureAwait(false);
            }
            else
            {
                Arm(key, call);
            }
        }

        return answer;
    }

    private string? WhyRefused((NodeId Asker, ulong Call) key, AskedCall call)
    {
        lock (_gate)
        {
            if (_completed || _calls.Count >= MostCalls)
            {
                return "The node answers as many questions as it takes. Try again later.";
            }

            if (_calls.Keys.Count(one => one.Asker == key.Asker) >= MostOfOne || !_calls.TryAdd(key, call))
            {
                return $"A node answers {MostOfOne} questions of one asker at a time.";
            }

            call.Idle = time.CreateTimer(
                _ => GiveUp(key), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return null;
        }
    }

    private bool TryFind((NodeId Asker, ulong Call) key, out AskedCall call)
    {
        lock (_gate)
        {
            return _calls.TryGetValue(key, out call!);
        }
    }

    private bool IsBeyond(int bytes)
    {
        lock (_gate)
        {
            return bytes > 0 && bytes + _calls.Values.Sum(static call => (long)call.HeldBytes) > MostHeldBytes;
        }
    }

    private void Arm((NodeId, ulong) key, AskedCall call)
    {
        lock (_gate)
        {
            if (_calls.ContainsKey(key))
            {
                call.Idle?.Change(Idle, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void GiveUp((NodeId, ulong) key)
    {
        Interlocked.Increment(ref _givenUp);
        _ = EndAsync(key);
    }

    private async Task EndAsync((NodeId, ulong) key)
    {
        AskedCall? call;
        lock (_gate)
        {
            _calls.Remove(key, out call);
        }

        if (call is not null)
        {
            await call.EndAsync().ConfigureAwait(false);
        }
    }

    private byte[] Malform()
    {
        Interlocked.Increment(ref _malformed);
        return Last(MapRefusal.Malformed, "The node does not understand the question, or has given it up.");
    }

    private static byte[] Last(MapRefusal refusal, string why) =>
        [MapCallFrame.IsLast, .. MapPiece.Of(refusal, why)];
}
