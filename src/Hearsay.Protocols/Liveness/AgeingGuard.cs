using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Liveness;

/// <summary>
/// Being contacted makes a view older, so contacts could make it old at will. This lets one sender age it once per half
/// cycle, and all together not faster than a busy node of a sound overlay would see.
/// </summary>
internal sealed class AgeingGuard(TimeSpan cycleTime, int fanout)
{
    /// <summary>
    /// Senders remembered; the oldest is forgotten first. What is forgotten early is bounded by the total.
    /// </summary>
    private const int RememberedSenders = 64;

    /// <summary>
    /// Contacts per cycle a hub of the most uneven overlay (blind, in-degree six times the mean) sees.
    /// </summary>
    private const int AgeingsPerCycle = 8;

    /// <summary>The latest senders, as a ring.</summary>
    private readonly NodeId[] _senders = new NodeId[RememberedSenders];

    /// <summary>When each of them last aged the view.</summary>
    private readonly Instant[] _since = new Instant[RememberedSenders];

    /// <summary>How many of the ring are filled.</summary>
    private int _count;

    /// <summary>The next place of the ring.</summary>
    private int _next;

    /// <summary>When the token bucket of all senders together will be full again.</summary>
    private Instant _fullAt;

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_senders) + ArrayMemory.SizeBytes(_since);

    /// <summary>Brings it into the processor's cache.</summary>
    public void Prefetch()
    {
        ArrayMemory.Prefetch(_senders);
        ArrayMemory.Prefetch(_since);
    }

    /// <summary>Another time between cycles from now on.</summary>
    public void ChangeCycleTime(TimeSpan time) => cycleTime = time;

    /// <summary>Whether this contact may age the view; counts it if so.</summary>
    public bool Allow(NodeId sender, Instant now)
    {
        var known = Array.IndexOf(_senders, sender, 0, _count);
        if (known >= 0 && now - _since[known] < cycleTime / 2)
        {
            return false;
        }

        var cost = cycleTime / (AgeingsPerCycle * fanout);
        var burst = 2 * cycleTime;
        if (Instant.Max(_fullAt, now) + cost > now + burst)
        {
            return false;
        }

        _fullAt = Instant.Max(_fullAt, now) + cost;
        Remember(known, sender, now);
        return true;
    }

    private void Remember(int known, NodeId sender, Instant now)
    {
        if (known < 0)
        {
            known = _next;
            _next = (_next + 1) % RememberedSenders;
            _count = Math.Min(_count + 1, RememberedSenders);
            _senders[known] = sender;
        }

        _since[known] = now;
    }
}
