using System.Collections.Concurrent;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;
using Hearsay.Transport;

namespace Hearsay.Loop;

/// <summary>
/// The event loop of one node: packets, due times and commands reach its <see cref="NodeCore"/> one at a time,
/// whichever thread they come on.
/// </summary>
/// <remarks>
/// Whoever brings an input runs it under the gate, for microseconds: the thread that receives, the scheduler's thread,
/// the thread pool. Commands of the application are queued; who gives one runs it at once, unless somebody else is at
/// it. Nothing of the application's runs in here but its protocols' handlers; if one hangs, the packets of this node
/// wait, and so may whoever calls it at that moment, and no other node does.
/// </remarks>
internal sealed class NodeLoop : INodeDriver, IPacketReceiver, IThreadPoolWorkItem
{
    /// <summary>Commands that may wait; more are refused, so that a caller in a tight loop finds out.</summary>
    public const int MaximumCommands = 1024;

    private static readonly TimeSpan CoarsestGrain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FinestGrain = TimeSpan.FromMilliseconds(1);

    /// <summary>Handlers must return within microseconds; one that took this long will not.</summary>
    private static readonly TimeSpan PatienceWithHandlers = TimeSpan.FromSeconds(2);

    /// <summary>Held while an input is handled. Guards the core and <see cref="Armed"/>.</summary>
    private readonly Lock _gate = new();
    private readonly DueScheduler _scheduler;
    private TimeSpan _grain;
    private readonly ITransport _datagrams;
    private readonly ITransport _streams;
    private readonly INodeEvents _events;
    private readonly Stalls _stalls;
    private readonly BlockedStreams _blocked;

    /// <summary>Makes the end of a stall one step, so that the time it took is never told twice.</summary>
    private readonly Lock _lateGate = new();

    /// <summary>Commands that wait for their turn.</summary>
    private readonly ConcurrentQueue<Action<NodeCore, Instant>> _commands = new();

    /// <summary>How many they are.</summary>
    private int _commandCount;

    /// <summary>
    /// 1 while commands wait or a wake-up found the gate taken: a run was asked for, or who holds the gate looks again
    /// before it leaves.
    /// </summary>
    private int _wakePending;

    private volatile bool _stopped;

    /// <summary>A loop that has not started.</summary>
    public NodeLoop(
        NodeCoreOptions options, ITransport datagrams, ITransport streams, DueScheduler scheduler, INodeEvents events)
    {
        (_datagrams, _streams, _scheduler, _events) = (datagrams, streams, scheduler, events);
        _stalls = new Stalls(scheduler, events);
        _blocked = new BlockedStreams(() => scheduler.Now, events.OnStreamsBlocked);
        SetGrain(options.Sampling.CycleTime);
        Core = new NodeCore(options, this);
    }

    /// <summary>
    /// The node. Its counters, view and samplers may be read from any thread, the rest only under the gate.
    /// </summary>
    public NodeCore Core { get; }

    /// <summary>The moment the scheduler was last armed for; guarded by the gate.</summary>
    public Instant Armed { get; set; } = Instant.Never;

    /// <summary>Its place in the scheduler's queue, or null; guarded by the scheduler's gate.</summary>
    public int? QueueSlot { get; set; }

    /// <summary>
    /// Whether packets come, and due times are kept, on threads that the application cannot keep busy.
    /// </summary>
    public bool HasOwnThread => _datagrams.HasOwnThread;

    /// <summary>How often it came more than a second too late to what was due.</summary>
    public long TimesLate => _stalls.Lateness.Stalls;

    /// <summary>By how much in all, and by how much it is late now.</summary>
    public TimeSpan TimeLate
    {
        get
        {
            lock (_lateGate)
            {
                return _stalls.Lateness.Total + _stalls.Running(_stopped ? Instant.Never : Armed);
            }
        }
    }

    /// <summary>What is told to whoever waits for the node when it has stopped.</summary>
    public NodeEnding Ending { get; } = new();

    /// <summary>Commands that wait for the loop.</summary>
    public int CommandsWaiting => Volatile.Read(ref _commandCount);

    /// <summary>Commands that were refused because too many waited.</summary>
    public long CommandsRefused => Interlocked.Read(ref _commandsRefused);

    private long _commandsRefused;

    /// <summary>The present moment, by the clock of the loop.</summary>
    public Instant Now => _scheduler.Now;

    /// <summary>Starts the node and its transports.</summary>
    public void Start()
    {
        lock (_gate)
        {
            Core.Start(_scheduler.Now);
            Arm();
        }

        WakeIfPending();
        _streams.ReportTo(_blocked);
        _datagrams.Start(this);
        _streams.Start(this);
    }

    /// <summary>How punctual the node is: by the time between its cycles. Before the start, or in a command.</summary>
    public void SetGrain(TimeSpan cycleTime)
    {
        var grain = cycleTime / 20;
        _grain = grain > CoarsestGrain ? CoarsestGrain : grain < FinestGrain ? FinestGrain : grain;
    }

    /// <summary>Queues a command of the application.</summary>
    /// <returns>False if too many wait already or the loop has stopped.</returns>
    public bool Post(Action<NodeCore, Instant> command)
    {
        if (!TryEnqueue(command))
        {
            return false;
        }

        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            _scheduler.Wake(this);
        }

        return true;
    }

    /// <summary>
    /// Queues a command and carries it out on the caller's thread, which costs less than waking another one. If the
    /// loop runs at the moment, elsewhere or further up on this thread, it is carried out there. The caller must hold
    /// no lock of this node.
    /// </summary>
    /// <returns>As for <see cref="Post"/>.</returns>
    public bool PostHere(Action<NodeCore, Instant> command)
    {
        if (!TryEnqueue(command))
        {
            return false;
        }

        if (_gate.IsHeldByCurrentThread)
        {
            Volatile.Write(ref _wakePending, 1); // A handler of the application's calls: it must not be entered anew.
        }
        else
        {
            Run();
        }

        return true;
    }

    private bool TryEnqueue(Action<NodeCore, Instant> command)
    {
        if (_stopped || Interlocked.Increment(ref _commandCount) > MaximumCommands)
        {
            Interlocked.Decrement(ref _commandCount);
            Interlocked.Increment(ref _commandsRefused);
            return false;
        }

        _commands.Enqueue(command);
        return true;
    }

    /// <summary>Carries a command out as <see cref="PostHere"/> does, and tells when that was.</summary>
    /// <returns>Fails as <see cref="Refusal"/> says if it is refused.</returns>
    public Task PostAsync(Action<NodeCore, Instant> command)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = PostHere((core, now) =>
        {
            try
            {
                command(core, now);
                done.SetResult();
            }
            catch (Exception fault)
            {
                done.SetException(fault);
                _ = done.Task.Exception; // Who waits gets it; who was cancelled meanwhile does not have to.
            }
        });
        return posted ? done.Task : Task.FromException(Refusal());
    }

    /// <summary>
    /// What a call fails with whose command was refused: too many wait, or the node has stopped.
    /// </summary>
    public Exception Refusal() => _stopped ? Ending.ToException() : HearsayException.Busy();

    /// <summary>Runs what is due and the commands that wait: on the scheduler's thread or the thread pool.</summary>
    public void Run()
    {
        Volatile.Write(ref _wakePending, 1);
        WakeIfPending();
    }

    /// <summary>Stops: every later input is ignored. Transports are the owner's to dispose.</summary>
    /// <param name="leave">Whether the neighbours are told.</param>
    /// <returns>False if a protocol's handler hangs: then nobody was told, and the loop is abandoned.</returns>
    public bool Stop(bool leave)
    {
        if (!_gate.TryEnter(PatienceWithHandlers))
        {
            _stopped = true;
            return false;
        }

        try
        {
            if (!_stopped && leave)
            {
                Core.Leave(_scheduler.Now);
            }

            _stopped = true;
        }
        finally
        {
            _gate.Exit();
        }

        _scheduler.Forget(this);

        // A command that came meanwhile found the gate taken, and whoever posted it waits for its answer.
        WakeIfPending();
        return true;
    }

    /// <inheritdoc/>
    public void OnPacket(in Link from, ReadOnlySpan<byte> packet)
    {
        if (from.Kind == LinkKind.Datagram)
        {
            _blocked.Heard(from.Address);
        }

        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            Core.Receive(_scheduler.Now, from, packet);
            AfterInput();
        }

        WakeIfPending();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Does not wait for the gate: who holds it will come here after it.</summary>
    private void WakeIfPending()
    {
        while (Volatile.Read(ref _wakePending) != 0 && _gate.TryEnter())
        {
            try
            {
                Interlocked.Exchange(ref _wakePending, 0);
                RunCommands();
                if (!_stopped)
                {
                    RunDue();
                }
            }
            finally
            {
                _gate.Exit();
            }
        }
    }

    /// <summary>
    /// Also after the loop has stopped, so that whoever waits for a command is answered. Not more than may wait, so
    /// that a caller who never stops does not keep packets out.
    /// </summary>
    private void RunCommands()
    {
        for (var i = 0; i < MaximumCommands && _commands.TryDequeue(out var command); i++)
        {
            Interlocked.Decrement(ref _commandCount);
            command(Core, _scheduler.Now);
        }

        if (!_commands.IsEmpty)
        {
            _scheduler.Wake(this);
        }
    }

    private void RunDue()
    {
        var now = _scheduler.Now;
        if (Armed <= now)
        {
            lock (_lateGate)
            {
                _stalls.Woken(Armed, now, HasOwnThread);
                Armed = Instant.Never;
            }
        }

        if (now < _stalls.PacketsFirstUntil)
        {
            Arm();
            return;
        }

        Core.OnDue(now);
        AfterInput();
    }

    private void AfterInput()
    {
        _events.AfterInput(Core);
        Arm();
    }

    private void Arm() => _scheduler.Arm(this, Instant.Max(Core.NextWake(_grain), _stalls.PacketsFirstUntil));

    /// <inheritdoc/>
    bool INodeDriver.CanReach(in NodeAddress address) => _datagrams.CanReach(address);

    /// <inheritdoc/>
    bool INodeDriver.IsStreamBlocked(in NodeAddress to)
    {
        var isBlocked = _blocked.IsBlocked(to, out var isTrialDue);
        if (isTrialDue)
        {
            // Nothing but an envelope: it is lost if the firewall is still there, and ends the trouble if it is not.
            var link = new Link(to, LinkKind.Stream);
            _streams.TrySend(link, Core.State.SealNothing(stackalloc byte[NodeEnvelope.LongestHeadBytes], link));
        }

        return isBlocked;
    }

    /// <inheritdoc/>
    bool INodeDriver.Send(in Link to, ReadOnlySpan<byte> packet)
    {
        var transport = to.Kind == LinkKind.Datagram ? _datagrams : _streams;
        return transport.TrySend(to, packet);
    }

    /// <inheritdoc/>
    void INodeDriver.ResolveContacts() => _events.ResolveContacts();

    /// <inheritdoc/>
    bool INodeDriver.IsResolvingContacts => _events.IsResolvingContacts;

    /// <inheritdoc/>
    void INodeDriver.Notify(in NodeNotice notice) => _events.Notify(notice);

    /// <inheritdoc/>
    void INodeDriver.OnViewChange(in ViewChange change) => _events.OnViewChange(change);

    /// <inheritdoc/>
    void INodeDriver.OnMetadata(in MetadataAnswer answer) => _events.OnMetadata(answer);

    /// <inheritdoc/>
    void INodeDriver.Publish(byte protocol, object happened) => _events.Publish(protocol, happened);
}
