using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hearsay.Learning.Exchange;
using Hearsay.Learning.State;

namespace Hearsay.Learning;

/// <summary>
/// A learner of one node, which learns together with the learners of other nodes. It trains until it is disposed, and
/// predicts at any time.
/// </summary>
/// <remarks>
/// Safe on any thread. Reading <see cref="Latest"/> takes no lock and never waits. Dispose it to stop learning; the
/// node keeps running.
/// </remarks>
public sealed class Learner : IAsyncDisposable, ILearnerObserver
{
    private const int MaximumWatchers = 64;

    private readonly GossipNode _node;
    private readonly LearningProtocol _protocol;
    private readonly ILearningModel _model;
    private readonly Lock _watching = new();

    /// <summary>Takes back what waits for the end of the node, and would keep this object until then.</summary>
    private readonly CancellationTokenSource _ended = new();
    private Channel<LearningProgress>[] _watchers = [];
    private volatile TrainedModel _latest;
    private LearningFeature? _feature;
    private int _disposed;
    private long _cycle;

    internal Learner(
        GossipNode node, ILearningModel model, LearningData data, LearningOptions options, TrainedModel? start)
    {
        (_node, _model, Options) = (node, model, options);
        _protocol = new LearningProtocol(model, data, options, this, start);
        _latest = start ?? new TrainedModel(model, new float[model.ParameterCount], 0);
    }

    /// <summary>The options of the learner.</summary>
    public LearningOptions Options { get; }

    /// <summary>The freshest model, as it was at the beginning of the present cycle.</summary>
    public TrainedModel Latest => _latest;

    /// <summary>The number of the present cycle, from 1; 0 before the first.</summary>
    public long Cycle => Interlocked.Read(ref _cycle);

    /// <summary>The counters of the learner.</summary>
    public LearningCounters Counters => _protocol.State?.Counters ?? s_none;

    private static readonly LearningCounters s_none = new();

    /// <summary>Predicts the target of a record with the freshest model.</summary>
    /// <param name="features">The features, standardised like the data that the model learns from.</param>
    /// <exception cref="ArgumentException">There are more or fewer features than the model takes.</exception>
    public float Predict(ReadOnlySpan<float> features) => _latest.Predict(features);

    /// <summary>
    /// Returns the progress, once a cycle from now on. A reader that is too slow misses the oldest. The sequence ends
    /// normally when the learner is disposed or its node stops.
    /// </summary>
    /// <param name="cancellationToken">Ends the sequence with an exception.</param>
    /// <exception cref="InvalidOperationException">The learner has 64 watchers already.</exception>
    /// <exception cref="OperationCanceledException">The sequence was cancelled.</exception>
    public async IAsyncEnumerable<LearningProgress> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<LearningProgress>(
            new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
        Add(channel);
        try
        {
            await foreach (var progress in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return progress;
            }
        }
        finally
        {
            lock (_watching)
            {
                _watchers = [.. _watchers.Where(watcher => watcher != channel)];
            }
        }
    }

    /// <summary>Stops learning. The node keeps running. <see cref="Latest"/> stays as it is.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _node.RemoveProtocolAsync(_protocol).ConfigureAwait(false);
            _feature?.Remove(this);
            CompleteWatchers();
            await _ended.CancelAsync().ConfigureAwait(false);
            _ended.Dispose();
        }
    }

    /// <summary>Begins.</summary>
    internal void Begin()
    {
        var feature = _node.JoinFeature(LearningFeature.Description, static () => new LearningFeature());
        _node.AddProtocol(_protocol);
        feature.Add(this);
        _feature = feature;
        _ = _node.Completion.ContinueWith(
            _ => CompleteWatchers(), _ended.Token, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    void ILearnerObserver.OnCycle(LearnerState state, long cycle)
    {
        var latest = new TrainedModel(_model, state.Parameters, state.Age);
        _latest = latest;
        Interlocked.Exchange(ref _cycle, cycle);
        foreach (var watcher in _watchers)
        {
            watcher.Writer.TryWrite(
                new LearningProgress { Cycle = cycle, Model = latest, Merged = state.Counters.Merged });
        }
    }

    private void Add(Channel<LearningProgress> channel)
    {
        lock (_watching)
        {
            if (_watchers.Length >= MaximumWatchers)
            {
                throw new InvalidOperationException($"The learner has {MaximumWatchers} watchers already.");
            }

            _watchers = [.. _watchers, channel];
            if (Volatile.Read(ref _disposed) != 0 || _node.Completion.IsCompleted)
            {
                channel.Writer.TryComplete();
            }
        }
    }

    private void CompleteWatchers()
    {
        lock (_watching)
        {
            Array.ForEach(_watchers, static watcher => watcher.Writer.TryComplete());
        }
    }
}
