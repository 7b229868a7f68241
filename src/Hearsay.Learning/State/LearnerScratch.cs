namespace Hearsay.Learning.State;

/// <summary>Memory that learners need only during a call. Learners of one thread can share one.</summary>
internal sealed class LearnerScratch(ModelShape shape)
{
    /// <summary>Parameters that were received.</summary>
    public float[] Received { get; } = new float[shape.Count];

    /// <summary>A second set of parameters.</summary>
    public float[] Other { get; } = new float[shape.Count];

    /// <summary>Places of sampled parameters.</summary>
    public int[] Places { get; } = new int[shape.Count];
}
