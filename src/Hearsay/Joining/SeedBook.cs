using Hearsay.Addresses;
using Hearsay.Diagnostics;
using Hearsay.Protocols;

namespace Hearsay.Joining;

/// <summary>
/// The seeds of a node over its whole life: addresses are known at once, names are looked up again whenever the node
/// asks for its seeds, and each answer is handed over when it comes.
/// </summary>
/// <remarks>Thread safe. Nothing here waits.</remarks>
internal sealed class SeedBook
{
    private readonly NameResolver _resolver;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly NodeLog _log;
    private readonly Action<NodeAddress[]> _handOver;
    private readonly NodeAddress[] _addresses;

    /// <summary>Guards the names.</summary>
    private readonly Lock _gate = new();
    private readonly List<SeedName> _names;
    private readonly int _configured;

    /// <summary>The book of one node.</summary>
    /// <param name="options">With the seeds, the resolver and the clock.</param>
    /// <param name="log">Is told of names that cannot be resolved.</param>
    /// <param name="handOver">Takes all addresses that are known now; must not block.</param>
    public SeedBook(GossipNodeOptions options, NodeLog log, Action<NodeAddress[]> handOver)
    {
        (_resolver, _time, _log, _handOver) = (options.Names, options.Time, log, handOver);
        _start = _time.GetTimestamp();
        var hosts = Parse(options.Seeds).ToList();
        _addresses = [.. hosts.Where(host => host.Address is not null).SelectMany(
            host => SeedName.Choose([host.Address!], host.Port))];
        _names = [.. hosts.Where(host => host.Address is null).Distinct().Select(host => new SeedName(host))];
        _configured = _names.Count;
    }

    /// <summary>Names that cannot be resolved, or were not yet, and whether a name server has said so.</summary>
    public IReadOnlyList<(string Name, bool IsTold)> Unresolved
    {
        get
        {
            lock (_gate)
            {
                return [.. _names.Where(name => name.Addresses.Count == 0)
                    .Select(name => (name.Host.Host, name.Failures > 0))];
            }
        }
    }

    /// <summary>Whether an answer is waited for.</summary>
    public bool IsLookingUp
    {
        get
        {
            lock (_gate)
            {
                return _names.Exists(name => name.IsPending);
            }
        }
    }

    private static IEnumerable<HostPort> Parse(IEnumerable<string> seeds) => seeds
        .Select(seed => HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var host) ? host : default)
        .Where(host => host.Host is not null);

    private Instant Now => new(_time.GetElapsedTime(_start).Ticks);

    /// <summary>
    /// Names that the application gave later: they are looked up again as the configured ones are. As many as seeds may
    /// be are kept, then the oldest of them give way.
    /// </summary>
    public void Add(IEnumerable<string> contacts)
    {
        lock (_gate)
        {
            foreach (var host in Parse(contacts).Where(host => host.Address is null))
            {
                if (_names.Exists(name => name.Host == host))
                {
                    continue;
                }

                if (_names.Count - _configured == GossipNodeOptions.MaximumSeeds)
                {
                    _names.RemoveAt(_configured);
                }

                _names.Add(new SeedName(host));
            }
        }
    }

    /// <summary>Hands over what is known, and looks up every name that is not being looked up already.</summary>
    public void Resolve()
    {
        List<SeedName> due;
        lock (_gate)
        {
            due = [.. _names.Where(name => name.MayLookUp(Now))];
            due.ForEach(name => name.IsPending = true);
        }

        HandOver();

        // Those that failed before come last: the others do not wait for them.
        foreach (var name in due.OrderBy(name => name.Failures))
        {
            _ = LookUpAsync(name);
        }
    }

    private async Task LookUpAsync(SeedName name)
    {
        try
        {
            var found = await _resolver.ResolveAsync(name.Host.Host).ConfigureAwait(false);
            if (SeedName.WhyUseless(found) is { } reason)
            {
                throw new InvalidOperationException(reason);
            }

            bool isNew, hadFailed;
            lock (_gate)
            {
                hadFailed = name.Failures > 0;
                isNew = name.Resolved(found);
            }

            if (hadFailed)
            {
                _log.SeedFound(name.Host.ToString());
            }

            if (isNew)
            {
                HandOver();
            }

            lock (_gate)
            {
                name.IsPending = false; // Now: until here more may come, and the node is not taken for one alone.
            }
        }
        catch (Exception error)
        {
            bool isTold;
            int failures;
            lock (_gate)
            {
                isTold = name.Failed(Now);
                failures = name.Failures;
                name.IsPending = false;
            }

            if (isTold)
            {
                _log.SeedUnresolved(name.Host.ToString(), error.Message, failures);
            }
        }
    }

    private void HandOver()
    {
        NodeAddress[] known;
        lock (_gate)
        {
            known = [.. _addresses, .. _names.SelectMany(name => name.Addresses)];
        }

        if (known.Length > 0)
        {
            _handOver(known);
        }
    }
}
