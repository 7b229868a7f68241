using System.Threading.Channels;
using Hearsay.Protocols;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearsay.Observability;

/// <summary>
/// A node's log. Notices of the event loop go through a bounded queue to the thread pool: a logger that is slow, hangs or
/// throws hurts the log and nothing else.
/// </summary>
internal sealed partial class NodeLog : IThreadPoolWorkItem
{
    /// <summary>Notices that may wait; more are dropped and counted.</summary>
    private const int MaximumWaiting = 256;

    private readonly ILogger _logger;
    private readonly bool _silent;
    private readonly Channel<NodeNotice> _waiting = Channel.CreateBounded<NodeNotice>(MaximumWaiting);
    private int _running;
    private long _dropped;

    public NodeLog(ILoggerFactory? factory)
    {
        _silent = factory is null;
        _logger = factory?.CreateLogger<GossipNode>() ?? (ILogger)NullLogger.Instance;
    }

    /// <summary>Notices that were dropped because the logger was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes a notice from the event loop.</summary>
    public void Queue(in NodeNotice notice)
    {
        if (_silent)
        {
            return;
        }

        if (!_waiting.Writer.TryWrite(notice))
        {
            Interlocked.Increment(ref _dropped);
        }

        if (Interlocked.Exchange(ref _running, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>The node started.</summary>
    public void Started(GossipNode node)
    {
        Guard(() => LogStarted(node.Id, node.Addresses, node.LocalAddress, node.Options.Cluster));
        foreach (var warning in PeerSamplingValidation.Warnings(node.Options.Sampling))
        {
            Guard(() => LogUnsafe(warning));
        }
    }

    /// <summary>The node stopped.</summary>
    public void Stopped(GossipNode node, bool left) => Guard(() => LogStopped(node.Id, left));

    /// <summary>Seeds whose names are not known now.</summary>
    public void Unresolved(IReadOnlyList<string> errors)
    {
        foreach (var error in errors)
        {
            Guard(() => LogUnresolved(error));
        }
    }

    /// <summary>The identity could not be stored.</summary>
    public void NotSaved(Exception error) => Guard(() => LogNotSaved(error));

    /// <summary>Writes what waits.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            while (_waiting.Reader.TryRead(out var notice))
            {
                Guard(() => Write(notice));
            }

            Volatile.Write(ref _running, 0);
        }
        while (_waiting.Reader.TryPeek(out _) && Interlocked.Exchange(ref _running, 1) == 0);
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
            case NodeNoticeKind.AddressMismatch: LogAddressMismatch(notice.Address); break;
            case NodeNoticeKind.IdContested: LogIdContested(notice.Id, notice.Address, notice.Number); break;
            case NodeNoticeKind.ProtocolFault: LogProtocolFault(notice.Detail as Exception, notice.Number); break;
            default: break;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Node {Id} started: reached at {Addresses}, bound to {Bound}, cluster {Cluster}.")]
    private partial void LogStarted(NodeId id, NodeAddresses addresses, NodeAddress bound, string cluster);

    [LoggerMessage(2, LogLevel.Warning, "Unsafe choice: {Reason}")]
    private partial void LogUnsafe(string reason);

    [LoggerMessage(3, LogLevel.Information, "Node {Id} stopped; neighbours told: {Left}.")]
    private partial void LogStopped(NodeId id, bool left);

    [LoggerMessage(4, LogLevel.Warning, "Seed not resolved: {Error}")]
    private partial void LogUnresolved(string error);

    [LoggerMessage(5, LogLevel.Error, "The identity could not be stored; the next start takes its incarnation from the clock.")]
    private partial void LogNotSaved(Exception error);

    [LoggerMessage(6, LogLevel.Information, "Joined: the first peer is in the view.")]
    private partial void LogJoined();

    [LoggerMessage(7, LogLevel.Warning, "The view is empty; joining again.")]
    private partial void LogIsolated();

    [LoggerMessage(8, LogLevel.Warning, "No contact has answered in {Attempts} attempts; going on.")]
    private partial void LogJoinFailed(ulong attempts);

    [LoggerMessage(9, LogLevel.Debug, "{Id} at {Address} did not answer and left the view.")]
    private partial void LogEvicted(NodeId id, NodeAddress address);

    [LoggerMessage(10, LogLevel.Debug, "{Id} at {Address} said it leaves.")]
    private partial void LogDeparted(NodeId id, NodeAddress address);

    [LoggerMessage(11, LogLevel.Warning, "{Address} speaks another major version; its packets are dropped. Told once.")]
    private partial void LogVersionRefused(NodeAddress address);

    [LoggerMessage(12, LogLevel.Warning, "{Address} belongs to another cluster; its packets are dropped. Told once.")]
    private partial void LogClusterRefused(NodeAddress address);

    [LoggerMessage(13, LogLevel.Warning,
        "Others see this node at {Address}, which is not what it advertises; check the option Advertise.")]
    private partial void LogAddressMismatch(NodeAddress address);

    [LoggerMessage(14, LogLevel.Warning,
        "Another node, said to be at {Address}, uses the id {Id}; the incarnation was raised to {Incarnation}.")]
    private partial void LogIdContested(NodeId id, NodeAddress address, ulong incarnation);

    [LoggerMessage(15, LogLevel.Error, "A handler of protocol {Protocol} threw.")]
    private partial void LogProtocolFault(Exception? fault, ulong protocol);
}
