using Hearsay.Protocols;

namespace Hearsay.Transport;

/// <summary>
/// Finds peers whose datagrams come while no stream to them can be opened, as it is behind a firewall that passes the
/// node's UDP port and not its TCP port. Such a peer looks healthy, and what is longer than a datagram gets there only
/// in pieces.
/// </summary>
/// <remarks>
/// A peer that has crashed sends no datagrams, and to one that has started again the next stream can be opened. So an
/// address counts as blocked when it happened several times in turn, over some time, that no stream could be opened
/// and that a datagram came after that. Thread safe.
/// </remarks>
/// <param name="clock">The clock.</param>
/// <param name="tell">Called with an address that is blocked, at most once an hour; must not block.</param>
internal sealed class BlockedStreams(Func<Instant> clock, Action<NodeAddress> tell)
{
    /// <summary>How often a datagram must follow a failure: a peer that starts again causes one, not three.</summary>
    public const int LeastTimes = 3;

    /// <summary>Over how long: a peer that starts refuses streams for a moment after it has bound UDP.</summary>
    public static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(10);

    /// <summary>How often a stream to a blocked address is tried again.</summary>
    public static readonly TimeSpan TrialPause = TimeSpan.FromSeconds(30);

    /// <summary>For so long after the last failure an address counts as blocked.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    /// <summary>After so long without a failure the earlier ones count no more for the operator.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    /// <summary>An operator needs one line, and not one for every peer behind the same firewall.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>The most addresses that are watched: twice the streams that a node has open.</summary>
    private const int Capacity = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeAddress, Trouble> _troubles = [];
    private Instant? _told;
    private Instant _lastFailed;

    /// <summary>Spares the datagrams of a node that has no trouble the lock.</summary>
    private volatile bool _any;

    /// <summary>No stream to an address could be opened.</summary>
    public void Failed(in NodeAddress address)
    {
        var now = clock();
        lock (_gate)
        {
            var known = _troubles.TryGetValue(address, out var trouble);
            if (!known && _troubles.Count == Capacity)
            {
                _troubles.Clear();
            }

            var goesOn = known && now - trouble.Last <= Forgotten;
            _troubles[address] = goesOn ? trouble with { Last = now, Failed = true }
                : new Trouble(now, now, 0, true) { IsBlocked = known && trouble.IsBlocked, TriedAt = now };
            (_any, _lastFailed) = (true, now);
        }
    }

    /// <summary>A stream to an address could be opened.</summary>
    public void Opened(in NodeAddress address)
    {
        if (_any)
        {
            lock (_gate)
            {
                _troubles.Remove(address);
                _any = _troubles.Count > 0;
            }
        }
    }

    /// <summary>Whether no stream to an address can be opened, while datagrams come from it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isTrialDue">Whether to try to open one all the same; this counts as the trial.</param>
    public bool IsBlocked(in NodeAddress address, out bool isTrialDue)
    {
        isTrialDue = false;
        if (!_any)
        {
            return false;
        }

        lock (_gate)
        {
            var now = clock();
            if (!_troubles.TryGetValue(address, out var trouble) || !trouble.IsBlocked
                || now - trouble.Last > Remembered)
            {
                return false;
            }

            isTrialDue = now - trouble.TriedAt >= TrialPause;
            _troubles[address] = isTrialDue ? trouble with { TriedAt = now } : trouble;
            return true;
        }
    }

    /// <summary>A datagram came from an address.</summary>
    public void Heard(in NodeAddress address)
    {
        if (_any && IsNewlyBlocked(address))
        {
            tell(address);
        }
    }

    private bool IsNewlyBlocked(in NodeAddress address)
    {
        lock (_gate)
        {
            var now = clock();
            if (now - _lastFailed > Remembered)
            {
                _troubles.Clear();
                _any = false;
            }

            if (!_troubles.TryGetValue(address, out var trouble) || !trouble.Failed)
            {
                return false;
            }

            trouble = trouble with { Times = trouble.Times + 1, Failed = false, IsBlocked = true };
            _troubles[address] = trouble;
            if (trouble.Times < LeastTimes || now - trouble.First < LeastTime
                || (_told is { } told && now - told < Pause))
            {
                return false;
            }

            _told = now;
            return true;
        }
    }

    /// <summary>What is known of an address to which no stream could be opened.</summary>
    /// <param name="First">When that was first.</param>
    /// <param name="Last">When that was last.</param>
    /// <param name="Times">How often a datagram came after that.</param>
    /// <param name="Failed">Whether none has come since <paramref name="Last"/>.</param>
    private readonly record struct Trouble(Instant First, Instant Last, int Times, bool Failed)
    {
        /// <summary>Whether a datagram came after a failure, and no stream could be opened since.</summary>
        public bool IsBlocked { get; init; }

        /// <summary>When one was last tried.</summary>
        public Instant TriedAt { get; init; }
    }
}
