using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Experiments.Rumors;

/// <summary>Rumor mongering against its published tables: who is left out, and what it costs.</summary>
internal sealed class RumorExperiment : IExperiment
{
    private const string EveryVariant = "all";

    public string Name => "rumor";

    public string Summary => "Rumor mongering: residue, traffic and cycles of each way to spread and to lose interest.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice(
            "--variant", "How rumors spread; all compares those of Demers et al. for k = 1 to 5.",
            "push-feedback-counter", [.. RumorVariant.All.Select(variant => variant.Name), EveryVariant]),
        LabOption.Whole(
            "--k", "Unnecessary cycles in a row, or 1/k of the coin; the largest median counter (3). Default 1.",
            1, RumorOptions.LargestK, null),
        LabOption.Whole("--nodes", "N: how many nodes there are. Default by the variant.", 2, 10_000_000, null),
        LabOption.Whole("--trials", "Independent rumors. Default by the variant.", 1, 1_000_000, null),
        LabOption.Number("--loss", "Share of messages lost, answers and requests included.", 0, 0.99, 0),
        LabOption.Whole("--fanout", "Partners contacted in a cycle. Default 1; 4 for blind-fanout.", 1, 64, null),
        LabOption.Whole("--connection-limit", "Contacts a node takes in a cycle; 0 for any number.", 0, 1_000, 0),
        LabOption.Whole("--hunt-limit", "Other partners tried when one turned a contact away.", 0, 16, 0),
        LabOption.Choice("--minimise", "on: if both know, only the smaller counter grows.", "off", "on", "off"),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        if (parameters.Choice("--variant") == EveryVariant)
        {
            return RumorComparison.Run(this, parameters, progress);
        }

        var variant = RumorVariant.Find(parameters.Choice("--variant"));
        var options = Settle(parameters, variant);
        var (nodes, loss) = (parameters.Whole("--nodes"), parameters.Number("--loss"));
        var trials = RumorTrials.Run(options, nodes, parameters.Whole("--trials"), loss, parameters, progress);
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = SummaryOf(trials),
            Results =
            [
                .. Enumerable.Range(0, trials.Cycles + 1).Select(cycle => new Row
                {
                    { "cycle", cycle }, { "known", trials.KnownAfter(cycle) }, { "hot", trials.HotAfter(cycle) },
                }),
            ],
            Claims = [.. RumorClaims.Of(variant, options, nodes, loss, trials)],
            Figures = RumorFigures.OfOne(parameters, options, trials),
        };
    }

    /// <summary>The rules that the parameters ask for; what follows from the variant is filled in.</summary>
    public static RumorOptions Settle(LabParameters parameters, RumorVariant variant, int? trials = null)
    {
        void Default(string name, int value)
        {
            if (!parameters.IsGiven(name))
            {
                parameters.Settle(name, value);
            }
        }

        Default("--k", variant.Options.K);
        Default("--nodes", variant.Nodes);
        Default("--trials", trials ?? variant.TrialsFor(parameters.Whole("--k")));
        Default("--fanout", variant.Options.Fanout);
        if (variant.Name == "blind-fanout" && parameters.Whole("--k") != 1)
        {
            throw new LabUsageException("--k must be 1 with --variant blind-fanout: nodes infect and die.");
        }

        if (parameters.Whole("--fanout") >= parameters.Whole("--nodes"))
        {
            throw new LabUsageException("--fanout must be less than --nodes.");
        }

        var nodes = parameters.Whole("--nodes");
        return variant.Options with
        {
            K = parameters.Whole("--k"),
            Fanout = parameters.Whole("--fanout"),
            ConnectionLimit = parameters.Whole("--connection-limit"),
            HuntLimit = parameters.Whole("--hunt-limit"),
            Minimise = parameters.Choice("--minimise") == "on",
            PushCycles = RumorOptions.PushCyclesFor(nodes, parameters.Number("--loss") > 0),
        };
    }

    private static Row SummaryOf(RumorTrials trials) => new()
    {
        { "residue", trials.Residue }, { "traffic", trials.Traffic }, { "tAverage", trials.AverageCycle },
        { "tLast", trials.LastCycle }, { "delivery", 1 - trials.Residue }, { "requests", trials.Requests },
        { "complete", trials.Complete },
    };
}
