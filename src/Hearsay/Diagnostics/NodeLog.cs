using System.Threading.Channels;
using Hearsay.Addresses;
using Hearsay.Protocols;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearsay.Diagnostics;

/// <summary>
/// A node's log. Everything goes through a bounded queue to the thread pool: a logger that is slow, hangs or
/// throws hurts the log and nothing else.
/// </summary>
internal sealed partial class NodeLog : IThreadPoolWorkItem
{
    /// <summary>The category of a node's log: the name of the type that the application holds.</summary>
    public const string Category = "Hearsay.GossipNode";

    /// <summary>Notices that may wait; more are dropped and counted.</summary>
    private const int MaximumWaiting = 256;

    /// <summary>How long a node that stops waits for its last line.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ILoggerFactory? _factory;
    private readonly Channel<(NodeNotice Notice, Action? Write)> _waiting =
        Channel.CreateBounded<(NodeNotice, Action?)>(MaximumWaiting);

    /// <summary>Made where it is used, since a factory is the application's code as well.</summary>
    private ILogger _logger = NullLogger.Instance;
    private bool _hasLogger;
    private int _running;
    private long _dropped;

    public NodeLog(ILoggerFactory? factory) => _factory = factory;

    /// <summary>Notices that were dropped because the logger was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes a notice from the event loop.</summary>
    public void Queue(in NodeNotice notice) => Queue((notice, null));

    /// <summary>The node started.</summary>
    public void Started(
        NodeId id, NodeAddresses addresses, NodeAddress local, GossipNodeOptions options,
        IReadOnlyList<string> warnings)
    {
        Queue(() => LogStarted(id, addresses, local, options.Cluster, options.Security));
        foreach (var warning in warnings)
        {
            Queue(() => LogUnsafe(warning));
        }

        if (!local.IsUsable && LocalAddress.IsLoopback(addresses))
        {
            Queue(() => LogOnlyLoopback(addresses, local));
        }
    }

    /// <summary>The node is reached elsewhere, since the interfaces of its host have changed.</summary>
    public void Moved(NodeAddresses before, NodeAddresses now) => Queue(() => LogMoved(now, before));

    /// <summary>The node stopped. Waits a moment until that is written, since the process may end next.</summary>
    public async Task StoppedAsync(NodeId id, bool left)
    {
        if (_factory is null)
        {
            return;
        }

        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue(() => LogStopped(id, left ? "Its neighbours were told." : "Its neighbours were not told."));
        Queue(written.SetResult);
        await Task.WhenAny(written.Task, Task.Delay(Patience)).ConfigureAwait(false);
    }

    /// <summary>Seeds whose names are not known now.</summary>
    public void Unresolved(IReadOnlyList<string> errors)
    {
        foreach (var error in errors)
        {
            Queue(() => LogUnresolved(error));
        }
    }

    /// <summary>A seed's name cannot be resolved; the caller keeps it from being said too often.</summary>
    public void SeedUnresolved(string seed, string error, int failures) =>
        Queue(() => LogSeedUnresolved(seed, error.TrimEnd('.'), failures));

    /// <summary>A seed's name that could not be resolved is known now.</summary>
    public void SeedFound(string seed) => Queue(() => LogSeedFound(seed));

    /// <summary>A handler of the application threw, for the first time.</summary>
    public void RequestHandlerFailed(string name, Exception error) => Queue(() => LogHandlerFailed(error, name));

    /// <summary>The store of maps has failed, or takes writes again (null).</summary>
    public void MapStore(Exception? error)
    {
        if (error is null)
        {
            Queue(LogMapStoreWorks);
        }
        else
        {
            Queue(() => LogMapStoreFailed(error));
        }
    }

    /// <summary>The clock is too far from those of peers, or no longer.</summary>
    public void MapClock(TimeSpan ahead, bool isOff)
    {
        if (isOff)
        {
            Queue(() => LogClockOff(ahead.TotalSeconds));
        }
        else
        {
            Queue(() => LogClockWell(ahead.TotalSeconds));
        }
    }

    /// <summary>The identity could not be stored.</summary>
    public void NotSaved(Exception error) => Queue(() => LogNotSaved(error));

    /// <summary>The node, or only the thread pool, was late.</summary>
    public void Stalled(StallReport report)
    {
        Queue(() =>
        {
            if (report.OfPool)
            {
                LogPoolLate(report.Late.TotalSeconds, report.Times);
            }
            else
            {
                LogLate(report.Late.TotalSeconds, report.Times);
            }
        });
    }

    /// <summary>Datagrams of a peer come, and no stream to it can be opened; the caller keeps it rare.</summary>
    public void StreamsBlocked(NodeAddress address) => Queue(() => LogStreamsBlocked(address));

    /// <summary>The node leaves, and nobody is known to have some of what it published.</summary>
    public void NotHandedOver(int messages) => Queue(() => LogNotHandedOver(messages));

    /// <summary>Warns of the first loss of a subscription, and not of further ones.</summary>
    /// <param name="log">The log, when it is known.</param>
    /// <param name="what">What is subscribed to.</param>
    public static Action<long> MissedOnce(Func<NodeLog?> log, string what)
    {
        var isTold = false;
        return missed =>
        {
            if (!isTold && log() is { } known)
            {
                isTold = true;
                known.Queue(() => known.LogMissed(what, missed));
            }
        };
    }

    /// <summary>A protocol's handler did not return.</summary>
    public void Abandoned() => Queue(LogAbandoned);

    /// <summary>Writes what waits.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (!_hasLogger)
        {
            _hasLogger = true;
            Guard(() => _logger = _factory!.CreateLogger(Category));
        }

        do
        {
            while (_waiting.Reader.TryRead(out var next))
            {
                Guard(next.Write ?? (() => Write(next.Notice)));
            }

            Volatile.Write(ref _running, 0);
        }
        while (_waiting.Reader.TryPeek(out _) && Interlocked.Exchange(ref _running, 1) == 0);
    }

    private void Queue(Action write) => Queue((default, write));

    private void Queue((NodeNotice Notice, Action? Write) entry)
    {
        if (_factory is null)
        {
            return;
        }

        if (!_waiting.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
        }

        if (Interlocked.Exchange(ref _running, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private static void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception)
        {
            // A logger's own fault: there is nowhere left to report it.
        }
    }

    private void Write(in NodeNotice notice)
    {
        switch (notice.Kind)
        {
            case NodeNoticeKind.Joined: LogJoined(); break;
            case NodeNoticeKind.Isolated: LogIsolated(); break;
            case NodeNoticeKind.JoinFailed: LogJoinFailed(notice.Number); break;
            case NodeNoticeKind.Evicted: LogEvicted(notice.Id, notice.Address); break;
            case NodeNoticeKind.Departed: LogDeparted(notice.Id, notice.Address); break;
            case NodeNoticeKind.VersionRefused: LogVersionRefused(notice.Address); break;
            case NodeNoticeKind.ClusterRefused: LogClusterRefused(notice.Address); break;
            case NodeNoticeKind.SecurityRefused: LogSecurityRefused(notice.Address); break;
            case NodeNoticeKind.AddressMismatch: LogAddressMismatch(notice.Address); break;
            case NodeNoticeKind.IdContested or NodeNoticeKind.IdRenewed or NodeNoticeKind.IdTaken:
                WriteOfNamesake(notice); break;
            case NodeNoticeKind.RefusedByCluster: LogRefusedByCluster(notice.Address); break;
            case NodeNoticeKind.ProtocolFault: LogProtocolFault(notice.Fault, notice.Number); break;
            default: break;
        }
    }

    [LoggerMessage(1, LogLevel.Information,
        "Node {Id} started: reached at {Addresses}, bound to {Bound}, cluster {Cluster}, "
        + "effective security: {Security}.")]
    private partial void LogStarted(
        NodeId id, NodeAddresses addresses, NodeAddress bound, string cluster, ClusterSecurity security);

    [LoggerMessage(2, LogLevel.Warning, "{Reason}")]
    private partial void LogUnsafe(string reason);

    [LoggerMessage(3, LogLevel.Information, "Node {Id} stopped. {Left}")]
    private partial void LogStopped(NodeId id, string left);

    [LoggerMessage(4, LogLevel.Warning, "A contact could not be resolved: {Error}")]
    private partial void LogUnresolved(string error);

    [LoggerMessage(5, LogLevel.Error,
        "The identity could not be stored. The next start will take its incarnation from the clock.")]
    private partial void LogNotSaved(Exception error);

    [LoggerMessage(6, LogLevel.Information, "Joined: the first peer is in the view.")]
    private partial void LogJoined();

    [LoggerMessage(7, LogLevel.Warning, "The view is empty. The node joins again.")]
    private partial void LogIsolated();

    [LoggerMessage(8, LogLevel.Warning, "No seed has answered in {Attempts} attempts. The node keeps trying.")]
    private partial void LogJoinFailed(ulong attempts);

    [LoggerMessage(9, LogLevel.Debug, "{Id} at {Address} did not answer and left the view.")]
    private partial void LogEvicted(NodeId id, NodeAddress address);

    [LoggerMessage(10, LogLevel.Debug, "{Id} at {Address} has left.")]
    private partial void LogDeparted(NodeId id, NodeAddress address);

    [LoggerMessage(11, LogLevel.Warning,
        "The node at {Address} has another major version, so its packets are dropped. Logged once an hour.")]
    private partial void LogVersionRefused(NodeAddress address);

    [LoggerMessage(12, LogLevel.Warning,
        "The node at {Address} belongs to another cluster, so its packets are dropped. Logged once an hour.")]
    private partial void LogClusterRefused(NodeAddress address);

    [LoggerMessage(42, LogLevel.Warning,
        "A packet from {Address} is not authentic and was refused: its sender has another key, cluster name or mode of "
        + "security, or no token that is valid, or somebody tries to get in. Not told again for an hour; "
        + "hearsay.packets.dropped counts.")]
    private partial void LogSecurityRefused(NodeAddress address);

    [LoggerMessage(13, LogLevel.Warning,
        "Others see this node at {Address}, which is not what it advertises. Check the option Advertise.")]
    private partial void LogAddressMismatch(NodeAddress address);

    [LoggerMessage(15, LogLevel.Error, "A handler of protocol {Protocol} threw an exception.")]
    private partial void LogProtocolFault(Exception? fault, ulong protocol);

    [LoggerMessage(16, LogLevel.Error,
        "A handler of a protocol does not return, so the node stopped without telling its neighbours.")]
    private partial void LogAbandoned();

    [LoggerMessage(17, LogLevel.Warning,
        "No other machine can reach this node. It listens on {Bound}, which is every address, but advertises "
        + "{Addresses}, which is loopback. Set the option Advertise to an address that others can reach.")]
    private partial void LogOnlyLoopback(NodeAddresses addresses, NodeAddress bound);

    [LoggerMessage(18, LogLevel.Information,
        "The interfaces of this machine have changed. The node is now reached at {Addresses}, before at {Before}.")]
    private partial void LogMoved(NodeAddresses addresses, NodeAddresses before);

    [LoggerMessage(19, LogLevel.Warning,
        "The event loop was {Seconds:0.0} s late ({Times} times since the last report). This node neither sent nor "
        + "answered meanwhile, and others may have dropped it. Look for code that blocks threads of the pool, and for "
        + "a machine that is overloaded or was suspended.")]
    private partial void LogLate(double seconds, long times);

    [LoggerMessage(20, LogLevel.Warning,
        "The thread pool was {Seconds:0.0} s late ({Times} times since the last report). This node kept its cycles, "
        + "but TCP, events and callbacks waited. Look for code that blocks threads of the pool.")]
    private partial void LogPoolLate(double seconds, long times);

    [LoggerMessage(21, LogLevel.Warning,
        "The node left, and no other node confirmed the last {Messages} messages published here, so they may be "
        + "lost. LeaveAsync returns their ids. A longer LeaveTimeout gives it more time.")]
    private partial void LogNotHandedOver(int messages);

    [LoggerMessage(22, LogLevel.Warning,
        "A subscription to {What} missed {Missed} messages: its reader was too slow, or they came too late or never. "
        + "Further losses of this subscription are not logged. Set OnMissed to be told of each one.")]
    private partial void LogMissed(string what, long missed);

    [LoggerMessage(23, LogLevel.Warning,
        "Datagrams of the node at {Address} arrive, but no TCP connection to it can be opened. So what is longer "
        + "than a datagram goes to it in pieces over UDP, which is slower. Does a firewall pass its port "
        + "for UDP and not for TCP? Logged once an hour.")]
    private partial void LogStreamsBlocked(NodeAddress address);

    [LoggerMessage(30, LogLevel.Warning,
        "Seed {Seed} cannot be resolved: {Error}. Failed attempts: {Failures}. The node keeps trying and logs less "
        + "often.")]
    private partial void LogSeedUnresolved(string seed, string error, int failures);

    [LoggerMessage(31, LogLevel.Information, "Seed {Seed} is resolved now.")]
    private partial void LogSeedFound(string seed);

    [LoggerMessage(34, LogLevel.Warning,
        "The node at {Address} answers that it belongs to another cluster. Compare the option Cluster of both nodes.")]
    private partial void LogRefusedByCluster(NodeAddress address);

    [LoggerMessage(35, LogLevel.Error,
        "The handler for requests '{Name}' threw. Its askers get an answer that says so. Further errors of this "
        + "handler are counted (hearsay.requests.handled) and not logged.")]
    private partial void LogHandlerFailed(Exception error, string name);

    [LoggerMessage(36, LogLevel.Error,
        "The store of the maps does not take writes. Writes fail, and what other nodes have written is not kept here, "
        + "until it takes them again.")]
    private partial void LogMapStoreFailed(Exception error);

    [LoggerMessage(38, LogLevel.Warning,
        "The clocks of other nodes are {Seconds:F1} s ahead of this node's. This node removes no entries of maps that "
        + "have expired, as long as that is so. Set its clock.")]
    private partial void LogClockOff(double seconds);

    [LoggerMessage(39, LogLevel.Information, "The clocks of other nodes are {Seconds:F1} s ahead of this node's.")]
    private partial void LogClockWell(double seconds);

    [LoggerMessage(37, LogLevel.Information, "The store of the maps takes writes again.")]
    private partial void LogMapStoreWorks();
}
