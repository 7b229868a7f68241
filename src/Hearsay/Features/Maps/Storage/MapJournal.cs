using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Threads;
using Hearsay.Transport;

namespace Hearsay.Features.Maps.Storage;

/// <summary>
/// Brings the transactions of a node's maps to its store, on a thread of its own: whatever waits goes in one commit, so
/// that many writers share the wait for the disk, and the node's loop never waits for it.
/// </summary>
internal sealed class MapJournal : IDisposable
{
    /// <summary>Transactions that may wait. Further ones are refused, until the store has caught up.</summary>
    public const int MostWaiting = 65_536;

    /// <summary>
    /// The bytes of values that may wait before a transaction is refused. One that comes while there are fewer is
    /// taken, however large it is: what a peer sent in one exchange is one transaction, and <see
    /// cref="MapOptions.MaximumExchangeBytes"/> bounds it.
    /// </summary>
    public const long MostWaitingBytes = 256 << 20;

    /// <summary>Transactions of one commit.</summary>
    private const int LargestGroup = 4_096;

    /// <summary>How long a node that stops waits for what is on its way.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_betweenStarts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tellAgain = TimeSpan.FromMilliseconds(1);

    private readonly IMapStore _store;
    private readonly Func<string, bool> _tell;
    private readonly Action<Exception?> _report;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _hasWork = new();
    private readonly ThreadStarter _threads;
    private Thread? _thread;

    /// <summary>Starts the thread again that could not be started; null if it could.</summary>
    private Timer? _startAgain;
    private List<(JournalPart Part, ReplicaTransaction Transaction)> _waiting = [];
    private long _waitingBytes;
    private volatile bool _isEnding;
    private bool _isFailing;

    /// <summary>A journal of a store that is open.</summary>
    /// <param name="store">The store; disposed with the journal.</param>
    /// <param name="tell">
    /// Tells the loop that there is news of a map; false if it cannot be told now. Called on the journal's thread.
    /// </param>
    /// <param name="report">Takes the first failure of several, and null when the store takes commits again.</param>
    /// <param name="threads">Starts the thread; null for the process's.</param>
    public MapJournal(
        IMapStore store, Func<string, bool> tell, Action<Exception?> report, ThreadStarter? threads = null)
    {
        (_store, _tell, _report, Stored) = (store, tell, report, store.Maps);
        _threads = threads ?? ThreadStarter.OfProcess;
    }

    /// <summary>The maps that the store had when it was opened.</summary>
    public IReadOnlyList<string> Stored { get; }

    /// <summary>Whether it has a thread that commits. Any thread.</summary>
    public bool Runs => _thread is { IsAlive: true };

    /// <summary>Transactions that wait. Any thread.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>
    /// Begins to commit; everything that is read was read before. While there is no thread for it, writes wait.
    /// </summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_isEnding || _thread is not null || (_thread = _threads.TryStart(Run, "Hearsay maps")) is not null)
            {
                return;
            }

            Report(new IOException(ThreadStarter.Refusal));
            _startAgain ??= NoFlow.Run(() => new Timer(
                static self => ((MapJournal)self!).Start(), this, Timeout.Infinite, Timeout.Infinite));
            _startAgain.Change(s_betweenStarts, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The records of a map.</summary>
    public IEnumerable<MapRecord> Read(string map) => _store.Read(map);

    /// <summary>About how many they are.</summary>
    public long EstimateCount(string map) => _store.EstimateCount(map);

    /// <summary>Takes a transaction; false if too many wait.</summary>
    public bool TryEnqueue(JournalPart part, ReplicaTransaction transaction)
    {
        var bytes = BytesOf(transaction);
        lock (_gate)
        {
            if (_isEnding || part.IsFailed || _waiting.Count >= MostWaiting || _waitingBytes >= MostWaitingBytes)
            {
                return false;
            }

            _waiting.Add((part, transaction));
            _waitingBytes += bytes;
        }

        _hasWork.Set();
        return true;
    }

    /// <summary>Commits what waits, and closes the store.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                return;
            }

            _isEnding = true;
            _startAgain?.Dispose();
        }

        _hasWork.Set();
        if (_thread is null || _thread.Join(s_patience))
        {
            _store.Dispose();
            _hasWork.Dispose();
        }
    }

    private void Run()
    {
        while (true)
        {
            _hasWork.Wait();
            _hasWork.Reset();
            while (Take() is { Count: > 0 } group)
            {
                Commit(group);
            }

            if (_isEnding && Waiting == 0)
            {
                return;
            }
        }
    }

    private List<(JournalPart Part, ReplicaTransaction Transaction)> Take()
    {
        lock (_gate)
        {
            if (_waiting.Count <= LargestGroup)
            {
                var all = _waiting;
                (_waiting, _waitingBytes) = ([], 0);
                return all;
            }

            var group = _waiting.GetRange(0, LargestGroup);
            _waiting.RemoveRange(0, LargestGroup);
            foreach (var (_, transaction) in group)
            {
                _waitingBytes -= BytesOf(transaction);
            }

            return group;
        }
    }

    private void Commit(List<(JournalPart Part, ReplicaTransaction Transaction)> group)
    {
        var byPart = new Dictionary<JournalPart, List<ReplicaTransaction>>();
        foreach (var (part, transaction) in group)
        {
            if (!byPart.TryGetValue(part, out var transactions))
            {
                byPart[part] = transactions = [];
            }

            transactions.Add(transaction);
        }

        var (changes, done) = (new List<MapRecordChange>(group.Count + 1), new List<Action>());
        foreach (var (part, transactions) in byPart)
        {
            done.Add(part.Encode(transactions, changes));
        }

        try
        {
            _store.Commit(changes);
            done.ForEach(static one => one());
            Report(null);
        }
        catch (Exception error)
        {
            Fail(byPart.Keys);
            Report(error);
        }

        foreach (var part in byPart.Keys)
        {
            Tell(part);
        }
    }

    /// <summary>What waits stands on what has failed, and fails too.</summary>
    private void Fail(IEnumerable<JournalPart> parts)
    {
        lock (_gate)
        {
            foreach (var part in parts)
            {
                part.Fail();
                _waiting.RemoveAll(one => one.Part == part);
            }

            _waitingBytes = _waiting.Sum(static one => BytesOf(one.Transaction));
        }
    }

    private void Report(Exception? error)
    {
        if (_isFailing != (error is not null))
        {
            _isFailing = error is not null;
            _report(error);
        }
    }

    /// <summary>The loop must hear of it, since writers wait: it is told again until it takes it.</summary>
    private void Tell(JournalPart part)
    {
        while (!_tell(part.Name) && !_isEnding)
        {
            Thread.Sleep(s_tellAgain);
        }
    }

    private static long BytesOf(ReplicaTransaction transaction)
    {
        var bytes = 0L;
        for (var i = 0; i < transaction.Added.Count; i++)
        {
            bytes += transaction.Added[i].Key.Value.Length + transaction.Added[i].Key.Path.Bytes.Length;
        }

        return bytes;
    }
}
