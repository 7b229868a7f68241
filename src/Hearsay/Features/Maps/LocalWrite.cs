using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Features.Maps;

/// <summary>
/// A write of the application on its way through the loop, and what became of it. As a rule it has ended when the loop
/// returns, so nobody waits and the object serves the next write of the thread.
/// </summary>
internal sealed class LocalWrite
{
    private const int Running = 0;
    private const int Ended = 1;
    private const int Awaited = 2;

    [ThreadStatic]
    private static LocalWrite? s_spare;

    private readonly Action<WriteOutcome, Dot> _onDone;
    private MapService _service = null!;
    private PublishedStore _store = null!;
    private MapWriteCommand _command = null!;
    private TaskCompletionSource? _waiter;
    private int _state;
    private Exception? _fault;

    private LocalWrite() => (Run, _onDone) = (RunIn, End);

    /// <summary>The command for the loop.</summary>
    public Action<NodeCore, Instant> Run { get; }

    /// <summary>What became of it, once it has ended.</summary>
    public WriteOutcome Outcome { get; private set; }

    /// <summary>The event, if it was committed.</summary>
    public Dot Dot { get; private set; }

    /// <summary>How many changes it does.</summary>
    public int Count => _command.Changes.Count;

    /// <summary>Whether it has ended. Any thread.</summary>
    public bool HasEnded => Volatile.Read(ref _state) == Ended;

    /// <summary>A write that begins.</summary>
    public static LocalWrite Of(
        MapService service, PublishedStore store, string map, IReadOnlyList<MapChange> changes, ulong stamp,
        MapConfirm? confirm)
    {
        var write = s_spare ?? new LocalWrite();
        s_spare = null;
        (write._service, write._store, write._state) = (service, store, Running);
        write._command = new MapWriteCommand(map, changes, stamp, write._onDone, confirm);
        return write;
    }

    /// <summary>Completes when it has ended. To be called once.</summary>
    public Task WaitAsync()
    {
        var waiter = _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Interlocked.CompareExchange(ref _state, Awaited, Running) == Running ? waiter.Task : Task.CompletedTask;
    }

    /// <summary>It has ended, and nobody needs it any more: another write may use it.</summary>
    /// <exception cref="Exception">What it failed with.</exception>
    public void Release()
    {
        var fault = _fault;
        if (fault is not null)
        {
            // The protocol may still tell of it some time, so it serves nobody else.
            throw fault;
        }

        (_service, _store, _command, _waiter) = (null!, null!, null!, null);
        s_spare = this;
    }

    private void RunIn(NodeCore core, Instant now)
    {
        var command = _command;
        try
        {
            _service.Write(core, now, _store, command);
        }
        catch (Exception fault)
        {
            // If it has ended before, it may be another write by now, whose outcome this is not.
            if (ReferenceEquals(_command, command) && !HasEnded)
            {
                _fault = fault;
                End(WriteOutcome.Refused, default);
            }
        }
    }

    private void End(WriteOutcome outcome, Dot dot)
    {
        (Outcome, Dot) = (outcome, dot);
        if (Interlocked.Exchange(ref _state, Ended) == Awaited)
        {
            _waiter!.SetResult();
        }
    }
}
