namespace Hearsay.Lab.Experiments.Rumors;

/// <summary>A way to spread rumors under the name it has on the command line.</summary>
/// <param name="Name">For instance push-feedback-counter.</param>
/// <param name="Options">Its rules; k, fanout and the like come on top.</param>
/// <param name="Nodes">How many nodes it is run with unless told otherwise.</param>
/// <param name="Trials">How many trials, unless told otherwise.</param>
internal sealed record RumorVariant(string Name, RumorOptions Options, int Nodes, int Trials)
{
    private const int MostCycles = 1_000;

    private static readonly RumorOptions s_base = new() { NewPerCycle = 1, MaximumAgeCycles = MostCycles };

    /// <summary>All of them: each way with each loss of interest, then those of later papers.</summary>
    public static IReadOnlyList<RumorVariant> All { get; } =
    [
        .. from mode in new[] { RumorMode.Push, RumorMode.Pull, RumorMode.PushPull }
           from feedback in new[] { true, false }
           from interest in Enum.GetValues<RumorInterest>()
           select new RumorVariant(
               $"{Word(mode)}-{(feedback ? "feedback" : "blind")}-{Word(interest)}",
               s_base with { Mode = mode, Feedback = feedback, Interest = interest, K = 1 }, 1_000, 2_000),
        new("blind-fanout", s_base with { Mode = RumorMode.Push, Feedback = false, K = 1, Fanout = 4 }, 10_000, 200),
        new("median-counter", s_base with { Mode = RumorMode.MedianCounter, MaximumAgeCycles = 100 }, 10_000, 100),
        new("push-then-pull", s_base with { Mode = RumorMode.PushThenPull }, 10_000, 200),
    ];

    /// <summary>Whether it is one of the variants of Demers et al.</summary>
    public bool IsDemers => Options.Mode <= RumorMode.PushPull && Name != "blind-fanout";

    /// <summary>
    /// The number of trials unless told otherwise: many more where the rumor dies after one message a node, since its
    /// end varies most there and costs least.
    /// </summary>
    public int TrialsFor(int k) => IsDemers && Options.Mode == RumorMode.Push && !Options.Feedback && k == 1
        ? 10 * Trials : Trials;

    public static RumorVariant Find(string name) => All.First(variant => variant.Name == name);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
