using Hearsay.Learning.Settings;

namespace Hearsay.Learning;

/// <summary>
/// The options of a learner. Nodes that learn together need the same model, <see cref="Mode"/>,
/// <see cref="Partitions"/> and <see cref="Robust"/>; everything else may differ. Models of nodes with another model or
/// number of partitions are refused and counted.
/// </summary>
public sealed record LearningOptions
{
    /// <summary>The maximum number of parts of a model.</summary>
    public const int MaximumPartitions = 4096;

    /// <summary>The maximum number of channels of a node.</summary>
    public const int MaximumChannels = 16;

    /// <summary>What a node does with a model that it receives.</summary>
    public MergeMode Mode { get; init; } = MergeMode.AgeWeighted;

    /// <summary>The time between two messages of a node without tokens.</summary>
    /// <value>Default one second; from 1 ms to 1 day. A shorter time learns faster and costs more.</value>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The weight of regularisation, lambda.</summary>
    /// <value>Default 0.01; from 0 to 1e6. Pegasos learns Spambase best with 0.0001.</value>
    public double Lambda { get; init; } = 0.01;

    /// <summary>The step factor, eta; see <see cref="Step"/>.</summary>
    /// <value>Default 100, which is 1 / lambda; above 0, at most 1e9.</value>
    public double Eta { get; init; } = 100;

    /// <summary>How the length of a step follows from the age.</summary>
    public StepRule Step { get; init; } = StepRule.Inverse;

    /// <summary>What the age counts.</summary>
    public AgeUnit Age { get; init; } = AgeUnit.Steps;

    /// <summary>The number of records of a mini-batch.</summary>
    /// <value>Default 10; from 1 to 4,096.</value>
    public int BatchSize { get; init; } = 10;

    /// <summary>The number of times that an update goes through the data of the node.</summary>
    /// <value>Default 1; from 1 to 1,000.</value>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// The largest difference of ages at which <see cref="MergeMode.Limited"/> averages, in units of one update of this
    /// node.
    /// </summary>
    /// <value>Default 1; from 0 to 1e9.</value>
    public double LimitedAge { get; init; } = 1;

    /// <summary>The share of the parameters that a message has. Each message draws them anew.</summary>
    /// <value>Default 1; above 0. A smaller share saves bytes, but each message then teaches less.</value>
    public double Subsample { get; init; } = 1;

    /// <summary>
    /// The number of parts of the model. A message has one part. Each part has an age of its own.
    /// </summary>
    /// <value>Default 1; from 1 to 4,096. Not together with <see cref="Subsample"/>.</value>
    public int Partitions { get; init; } = 1;

    /// <summary>The bits of a parameter on the wire.</summary>
    /// <value>Default 32; 16 or 8 round at random to that many bits, in blocks with a scale each.</value>
    public int Bits { get; init; } = 32;

    /// <summary>When the node sends.</summary>
    public TokenPolicy Tokens { get; init; } = TokenPolicy.None;

    /// <summary>A: the number of tokens with which a node is sure to react. For generalised and randomised
    /// accounts.</summary>
    /// <value>Default 10; from 1 to <see cref="TokenCapacity"/>.</value>
    public int TokenReserve { get; init; } = 10;

    /// <summary>C: the maximum number of tokens of an account, and so the length of the longest burst.</summary>
    /// <value>Default 20; from 1 to 10,000.</value>
    public int TokenCapacity { get; init; } = 20;

    /// <summary>The number of tokens of a new account. With 0, no node can react at first.</summary>
    /// <value>Default 20; from 0 to <see cref="TokenCapacity"/>.</value>
    public int TokenPreload { get; init; } = 20;

    /// <summary>The number of peers that <see cref="MergeMode.EqualAverage"/> sends to in a cycle.</summary>
    /// <value>Default 7; from 1 to 64.</value>
    public int Fanout { get; init; } = 7;

    /// <summary>How the node protects its model from poisoned ones.</summary>
    /// <remarks>
    /// <see cref="RobustForm.Clip"/> goes with age-weighted, plain and limited merging, and <see
    /// cref="RobustForm.Nearest"/> replaces the mode.
    /// </remarks>
    public RobustForm Robust { get; init; } = RobustForm.None;

    /// <summary>The number of peers that <see cref="RobustForm.Nearest"/> asks in a cycle.</summary>
    /// <value>Default 7; from 2 to 64.</value>
    public int Pulls { get; init; } = 7;

    /// <summary>
    /// The share of the received models that <see cref="RobustForm.Nearest"/> leaves out. It leaves out the farthest.
    /// </summary>
    /// <remarks>
    /// The number of attackers among those asked is binomial. If a fifth of the nodes attacks and 7 are asked, more
    /// than 3 are attackers in 3.3 % of the cycles, more than 4 in 0.47 %, and more than 5 in 0.037 %. The default
    /// leaves 3 out. If more are attackers, one of them is kept, but counts only up to twice the earlier median
    /// distance. Leaving out more (0.7 is 5 of 7) is safer if all nodes have data of all classes, and learns worse if
    /// each node has data of only a few.
    /// </remarks>
    /// <value>Default 0.5; from 0 to below 1. It must be above the share of attackers.</value>
    public double LeftOut { get; init; } = 0.5;

    /// <summary>
    /// The maximum number of bytes of models on their way to and from this node. Only models that are too long for a
    /// frame (65,000 bytes) count. Up to 16 of them are received and 4 are held for others at a time.
    /// </summary>
    /// <value>
    /// Default 256 MiB; from 1 MiB to 64 GiB, and at least twice the longest message. If it is too small, nodes send
    /// less often and give more transfers up.
    /// </value>
    public long TransferBytes { get; init; } = 256 << 20;

    /// <summary>The channel on which nodes learn together. Different channels keep several learners of one node
    /// apart.</summary>
    /// <value>Default 0; from 0 to 15. A node has one learner per channel.</value>
    public int Channel { get; init; }

    /// <summary>
    /// The maximum number of numbers (features times records) that an update works through before the node turns to
    /// other work. A longer update continues in the next turn.
    /// </summary>
    /// <value>Default 1,000,000, well below a millisecond for linear models; from 1,000 to 1e9.</value>
    public int NumbersPerTurn { get; init; } = 1_000_000;

    /// <summary>Returns the errors of the options, each with the allowed range; empty if they are valid.</summary>
    public IReadOnlyList<string> Errors() => LearningValidation.Errors(this);
}
