using Hearsay.Learning;
using Hearsay.Learning.State;
using Hearsay.Protocols;

namespace Hearsay.Lab.Models.Learning;

/// <summary>What gossip is compared with. The same model, updates and data; only the way models meet differs.</summary>
internal sealed class LearningBaselines(LearningRunOptions options, LearningSplit split)
{
    private readonly ModelShape _shape = new(options.Model, 1);
    private readonly LearningOptions _learning = options.Learning with
    {
        Mode = MergeMode.AgeWeighted, Partitions = 1, Subsample = 1, Robust = RobustForm.None,
    };

    /// <summary>The error of one model that is trained on all data in one place.</summary>
    public double Central()
    {
        var random = SeededRandom.For(split.Seed, 0, 0, 0xCE27);
        var rows = Enumerable.Range(0, split.Train.RowCount).ToArray();
        var state = Learner(rows, ref random);
        while (state.Counters.Steps < options.CentralSteps)
        {
            if (!state.IsUpdating)
            {
                state.BeginUpdate();
            }

            state.ContinueUpdate(1, ref random);
        }

        return options.Model.Evaluate(state.Parameters, split.Test);
    }

    /// <summary>The mean error of nodes that learn alone, with as many updates as there are cycles.</summary>
    public double Local()
    {
        var places = LearningPlacement.Place(options.Placement, split.Train, options.Nodes, options.Alpha, split.Seed);
        var sum = 0.0;
        var count = Math.Min(options.Measured, options.Nodes);
        for (var node = 0; node < count; node++)
        {
            var random = SeededRandom.For(split.Seed, (ulong)node, 0, 0x10CA1);
            var state = Learner(places[node], ref random);
            for (var cycle = 0; cycle < options.Cycles; cycle++)
            {
                state.UpdateWhole(ref random);
            }

            sum += options.Model.Evaluate(state.Parameters, split.Test);
        }

        return sum / count;
    }

    /// <summary>
    /// Federated averaging: in each round every client that is online takes the model of the server, updates it, and
    /// the server averages what comes back by the number of records (McMahan et al., 2017). Both ways may lose the
    /// model. The error after each round, from round 0 on.
    /// </summary>
    /// <param name="rounds">How many rounds. More of them change nothing of those before.</param>
    public double[] Federated(int rounds)
    {
        var places = LearningPlacement.Place(options.Placement, split.Train, options.Nodes, options.Alpha, split.Seed);
        var randoms = Enumerable.Range(0, options.Nodes)
            .Select(node => SeededRandom.For(split.Seed, (ulong)node, 0, 0xFED)).ToArray();
        var clients = new LearnerState[options.Nodes];
        for (var node = 0; node < clients.Length; node++)
        {
            clients[node] = Learner(places[node], ref randoms[node]);
        }

        var server = Learner([], ref randoms[0]);
        var (model, age) = (server.Parameters.ToArray(), 0L);
        var (next, errors) = (new float[model.Length], new double[rounds + 1]);
        errors[0] = options.Model.Evaluate(model, split.Test);
        var chance = SeededRandom.For(split.Seed, 0, 0, 0xFEDC);
        for (var round = 1; round <= rounds; round++)
        {
            next.AsSpan().Clear();
            var (records, oldest) = (0L, age);
            for (var node = 0; node < clients.Length; node++)
            {
                if (!TakesPart(ref chance) || places[node].Length == 0)
                {
                    continue;
                }

                clients[node].Restore(model, age);
                clients[node].UpdateWhole(ref randoms[node]);
                Hearsay.Learning.Kernels.Weights.Add(next, clients[node].Parameters, places[node].Length);
                records += places[node].Length;
                oldest = Math.Max(oldest, clients[node].Age);
            }

            if (records > 0)
            {
                Hearsay.Learning.Kernels.Weights.Scale(next, 1f / records);
                (model, next, age) = (next, model, oldest);
            }

            errors[round] = options.Model.Evaluate(model, split.Test);
        }

        return errors;
    }

    /// <summary>The bytes of a round of federated averaging per client: a model comes and one goes.</summary>
    public double FederatedBytes => 2.0 * options.Model.SizeBytes(_shape.Count, 32);

    private bool TakesPart(ref SeededRandom chance) =>
        (options.Online >= 1 || chance.NextDouble() < options.Online)
        && (options.Loss == 0 || (chance.NextDouble() >= options.Loss && chance.NextDouble() >= options.Loss));

    private LearnerState Learner(int[] rows, ref SeededRandom random) =>
        new(_shape, split.Train, rows, _learning, new LearnerScratch(_shape), ref random);
}
