namespace Hearsay.Learning;

/// <summary>The progress of a learner, published once a cycle.</summary>
public sealed record LearningProgress
{
    /// <summary>The number of the cycle, from 1.</summary>
    public required long Cycle { get; init; }

    /// <summary>The freshest model.</summary>
    public required TrainedModel Model { get; init; }

    /// <summary>Models of others that were merged so far.</summary>
    public required long Merged { get; init; }
}
