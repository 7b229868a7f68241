using Hearsay.Learning.State;

namespace Hearsay.Learning.Exchange;

/// <summary>Is told, inside the node's loop, how a learner gets on.</summary>
internal interface ILearnerObserver
{
    /// <summary>A cycle begins. What is wanted of the state must be copied.</summary>
    /// <param name="state">The state of the learner.</param>
    /// <param name="cycle">The number of the cycle, from 1.</param>
    void OnCycle(LearnerState state, long cycle);
}
