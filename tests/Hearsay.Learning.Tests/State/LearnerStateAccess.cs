using Hearsay.Learning.State;
using Hearsay.Protocols;

namespace Hearsay.Learning.Tests.State;

/// <summary>Learners for tests.</summary>
internal static class LearnerStateAccess
{
    public static double StepOf(LearningOptions options, long age) => LearnerState.StepOf(options, age);

    /// <summary>A learner over data, with a generator of its own.</summary>
    public static LearnerState Learner(
        LearningOptions options, LearningData data, ILearningModel? model = null, ulong seed = 1, int rows = -1)
    {
        var random = new SeededRandom(seed);
        var shape = new ModelShape(model ?? LinearModel.Logistic(data.FeatureCount), options.Partitions);
        int[] own = [.. Enumerable.Range(0, rows < 0 ? data.RowCount : rows)];
        return new LearnerState(shape, data, own, options, new LearnerScratch(shape), ref random);
    }

    /// <summary>What a learner sends.</summary>
    public static byte[] Message(this LearnerState state, int part = 0, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        var buffer = new byte[state.MaximumMessageBytes];
        return buffer[..state.Write(part, buffer, ref random)];
    }

    /// <summary>A learner receives bytes.</summary>
    public static MessageRefusal Receive(this LearnerState state, byte[] message)
    {
        var random = new SeededRandom(9);
        return state.Receive(message, out _, out _, ref random);
    }

    /// <summary>A learner updates.</summary>
    public static void Update(this LearnerState state, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        state.UpdateWhole(ref random);
    }

    /// <summary>Ends a cycle in the mode that averages then.</summary>
    public static void AverageReceivedIf(this LearnerState state, MergeMode mode)
    {
        if (mode == MergeMode.EqualAverage)
        {
            state.AverageReceived();
        }
    }
}
