using Hearsay.Features.Contract;
using Hearsay.Protocols;

namespace Hearsay.Learning;

/// <summary>What a node shows of its learners: the numbers of all that ran on it, also when they have ended.</summary>
internal sealed class LearningFeature : INodeFeature
{
    private readonly Lock _gate = new();
    private readonly List<Learner> _learners = [];

    /// <summary>What learners counted that have ended.</summary>
    private readonly LearningCounters _ended = new();

    /// <summary>What the node has of it.</summary>
    public static FeatureDescription Description { get; } =
        new("learning", static _ => null, static _ => [], LearningMetrics.All);

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols => [];

    /// <summary>Learners that run.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _learners.Count;
            }
        }
    }

    /// <summary>A learner begins.</summary>
    public void Add(Learner learner)
    {
        lock (_gate)
        {
            _learners.Add(learner);
        }
    }

    /// <summary>A learner has ended; what it counted stays in the sums.</summary>
    public void Remove(Learner learner)
    {
        lock (_gate)
        {
            if (_learners.Remove(learner))
            {
                _ended.Add(learner.Counters);
            }
        }
    }

    /// <summary>The sum of a number over all learners. Any thread.</summary>
    public long Sum(Func<LearningCounters, long> read)
    {
        lock (_gate)
        {
            var sum = read(_ended);
            foreach (var learner in _learners)
            {
                sum += read(learner.Counters);
            }

            return sum;
        }
    }

    /// <inheritdoc/>
    public void Attach(FeatureHost host)
    {
    }

    /// <inheritdoc/>
    public Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Task.FromResult(LeaveResult.Nothing);

    /// <inheritdoc/>
    public void Complete(Exception? failure)
    {
    }
}
