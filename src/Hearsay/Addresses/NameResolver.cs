using System.Net;
using System.Net.Sockets;
using Hearsay.Threads;

namespace Hearsay.Addresses;

/// <summary>
/// Looks names up, one after the other, on a thread of its own: the call of the operating system blocks, for as long as
/// a silent name server lets it, and cannot be called off. On the thread pool a few dead names would hold up the
/// application.
/// </summary>
/// <remarks>
/// Thread safe; one for the process. Who asks for a name that somebody asked for already shares the answer. A lookup
/// that takes longer than a few seconds is left behind on its thread, and the next name gets another one; so many are
/// left behind at most, then the others wait. The answer of one left behind is used whenever it comes. The thread ends
/// when no name waits. Where there is no thread, everybody who waits is told so, and may ask again.
/// </remarks>
internal sealed class NameResolver
{
    /// <summary>Names that may wait; each node has 64 at most, and nodes of a process mostly share theirs.</summary>
    public const int MaximumWaiting = 1024;

    /// <summary>Lookups that may be left behind.</summary>
    public const int MaximumLeftBehind = 4;

    /// <summary>Longer than a name server takes that is well.</summary>
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(2);

    private readonly Func<string, IPAddress[]> _lookUp;
    private readonly TimeSpan _patience;
    private readonly ThreadStarter _threads;

    /// <summary>Guards what follows.</summary>
    private readonly Lock _gate = new();

    /// <summary>Lookups that wait or run, by name.</summary>
    private readonly Dictionary<string, Lookup> _lookups = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Lookup> _waiting = new();

    /// <summary>The lookup that runs and was not left behind.</summary>
    private Lookup? _running;
    private int _leftBehind;

    /// <summary>A resolver.</summary>
    /// <param name="lookUp">Looks one name up; may block.</param>
    /// <param name="patience">How long a lookup may take until the next begins beside it.</param>
    /// <param name="threads">Starts the threads; null for the process's.</param>
    public NameResolver(Func<string, IPAddress[]> lookUp, TimeSpan patience, ThreadStarter? threads = null) =>
        (_lookUp, _patience, _threads) = (lookUp, patience, threads ?? ThreadStarter.OfProcess);

    /// <summary>The operating system's.</summary>
    public static NameResolver Shared { get; } = new(Dns.GetHostAddresses, DefaultPatience);

    /// <summary>Looks a name up.</summary>
    /// <returns>Its addresses; at least one. Never completes on the caller's thread.</returns>
    /// <exception cref="SocketException">The name is not known, or has no address.</exception>
    /// <exception cref="InvalidOperationException">Too many names wait, or there is no thread for them.</exception>
    public Task<IPAddress[]> ResolveAsync(string host)
    {
        lock (_gate)
        {
            if (_lookups.TryGetValue(host, out var lookup))
            {
                return lookup.Answer.Task;
            }

            if (_waiting.Count == MaximumWaiting)
            {
                return Task.FromException<IPAddress[]>(
                    new InvalidOperationException($"{MaximumWaiting} other names wait to be looked up."));
            }

            lookup = new Lookup(host);
            _lookups.Add(host, lookup);
            _waiting.Enqueue(lookup);
            StartIfIdle();
            return lookup.Answer.Task;
        }
    }

    /// <summary>The gate is held.</summary>
    private void StartIfIdle()
    {
        if (_running is null && _leftBehind < MaximumLeftBehind && _waiting.TryDequeue(out var next))
        {
            _running = next;
            if (_threads.TryStart(() => Run(next), "Hearsay names") is null)
            {
                _running = null;
                Refuse(next);
                while (_waiting.TryDequeue(out var other))
                {
                    Refuse(other);
                }
            }
        }
    }

    /// <summary>The gate is held.</summary>
    private void Refuse(Lookup lookup)
    {
        _lookups.Remove(lookup.Host);
        lookup.Answer.SetException(new InvalidOperationException(ThreadStarter.Refusal));
        _ = lookup.Answer.Task.Exception; // As below.
    }

    private void Run(Lookup first)
    {
        for (var lookup = first; lookup is not null;)
        {
            using (TimerFor(lookup))
            {
                LookUp(lookup);
            }

            lookup = Next(lookup);
        }
    }

    /// <summary>The clock of a lookup; null if there is no thread for timers: then the next waits for it.</summary>
    private Timer? TimerFor(Lookup lookup)
    {
        try
        {
            return new Timer(state => LeaveBehind((Lookup)state!), lookup, _patience, Timeout.InfiniteTimeSpan);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    private void LookUp(Lookup lookup)
    {
        try
        {
            var found = _lookUp(lookup.Host);
            if (found.Length == 0)
            {
                throw new SocketException((int)SocketError.NoData);
            }

            Forget(lookup);
            lookup.Answer.SetResult(found);
        }
        catch (Exception error)
        {
            // Whatever it is, it belongs to who asked and not to this thread.
            Forget(lookup);
            lookup.Answer.SetException(error);
            _ = lookup.Answer.Task.Exception; // Who waits gets it; who stopped waiting does not have to.
        }
    }

    /// <summary>Before the answer is told: who asks from now on wants a new one.</summary>
    private void Forget(Lookup lookup)
    {
        lock (_gate)
        {
            _lookups.Remove(lookup.Host);
        }
    }

    private void LeaveBehind(Lookup lookup)
    {
        lock (_gate)
        {
            if (_running == lookup)
            {
                _running = null;
                _leftBehind++;
                StartIfIdle();
            }
        }
    }

    /// <summary>What this thread does next; nothing if another one took over meanwhile.</summary>
    private Lookup? Next(Lookup done)
    {
        lock (_gate)
        {
            if (_running == done)
            {
                _running = null;
            }
            else
            {
                _leftBehind--;
            }

            if (_running is not null)
            {
                return null;
            }

            _waiting.TryDequeue(out _running);
            return _running;
        }
    }

    private sealed class Lookup(string host)
    {
        public string Host { get; } = host;

        public TaskCompletionSource<IPAddress[]> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
