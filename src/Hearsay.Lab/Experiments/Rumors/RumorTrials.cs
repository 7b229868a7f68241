using Hearsay.Lab.Contract;
using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Rumors;

/// <summary>The same rumor many times, with partners drawn from all nodes, in parallel.</summary>
internal sealed class RumorTrials
{
    private const int Parts = 64;
    private const int MostCycles = 400;

    private readonly RumorOutcome[] _outcomes;

    /// <summary>Sums over the trials by cycle: nodes that know, nodes that spread, messages until then.</summary>
    private readonly long[] _known = new long[MostCycles + 1];
    private readonly long[] _hot = new long[MostCycles + 1];
    private readonly long[] _sent = new long[MostCycles + 1];

    private readonly int _nodes;

    private RumorTrials(int nodes, int trials) => (_nodes, _outcomes) = (nodes, new RumorOutcome[trials]);

    /// <summary>How each trial ended.</summary>
    public IReadOnlyList<RumorOutcome> Outcomes => _outcomes;

    /// <summary>The share of the nodes that never heard.</summary>
    public double Residue => _outcomes.Average(outcome => outcome.Residue);

    /// <summary>Messages with the rumor per node.</summary>
    public double Traffic => _outcomes.Average(outcome => outcome.Traffic);

    /// <summary>Messages that only asked, per node.</summary>
    public double Requests => _outcomes.Average(outcome => outcome.Requests);

    public double AverageCycle => _outcomes.Average(outcome => outcome.AverageCycle);

    public double LastCycle => _outcomes.Average(outcome => (double)outcome.LastCycle);

    /// <summary>The share of the trials in which everybody heard.</summary>
    public double Complete => _outcomes.Count(outcome => outcome.Residue == 0) / (double)_outcomes.Length;

    /// <summary>The last cycle in which anything happened in any trial, or the last that is drawn.</summary>
    public int Cycles => Math.Min(MostCycles, _outcomes.Max(outcome => outcome.Cycles));

    /// <summary>The mean share of nodes that know after a cycle.</summary>
    public double KnownAfter(int cycle) => _known[cycle] / ((double)_nodes * _outcomes.Length);

    /// <summary>The mean share of nodes that spread it after a cycle.</summary>
    public double HotAfter(int cycle) => _hot[cycle] / ((double)_nodes * _outcomes.Length);

    /// <summary>The mean number of messages with the rumor per node up to a cycle.</summary>
    public double SentUntil(int cycle) => _sent[cycle] / ((double)_nodes * _outcomes.Length);

    /// <summary>Runs them; the numbers do not depend on the threads.</summary>
    public static RumorTrials Run(
        RumorOptions options, int nodes, int trials, double loss, LabParameters parameters, ILabProgress progress)
    {
        var result = new RumorTrials(nodes, trials);
        var parts = Enumerable.Range(0, Math.Min(Parts, trials)).ToArray();
        LabWork.Map(parts, parameters, progress, (part, step) =>
        {
            result.RunPart(options, loss, parameters.Seed, part, parts.Length);
            step();
            return part;
        });
        return result;
    }

    private void RunPart(RumorOptions options, double loss, ulong seed, int part, int parts)
    {
        var run = new RumorRun(options, _nodes, seed, loss);
        var partners = new UniformRumorPartners(_nodes);
        var sums = (Known: new long[MostCycles + 1], Hot: new long[MostCycles + 1], Sent: new long[MostCycles + 1]);
        for (var trial = part; trial < _outcomes.Length; trial += parts)
        {
            run.Restart(SeededRandom.Mix(seed ^ SeededRandom.Mix((ulong)trial + 1)));
            var sent = 0L;
            sums.Known[0]++;
            sums.Hot[0]++;
            _outcomes[trial] = run.Finish(partners, (cycle, counts) =>
            {
                sent += counts.Payloads;
                if (cycle <= MostCycles)
                {
                    sums.Known[cycle] += counts.Known;
                    sums.Hot[cycle] += counts.Hot;
                    sums.Sent[cycle] += sent;
                }
            });
            for (var cycle = run.Cycle + 1; cycle <= MostCycles; cycle++)
            {
                sums.Known[cycle] += run.Known;
                sums.Sent[cycle] += sent;
            }
        }

        lock (_outcomes)
        {
            Add(sums.Known, _known);
            Add(sums.Hot, _hot);
            Add(sums.Sent, _sent);
        }
    }

    private static void Add(long[] part, long[] all)
    {
        for (var cycle = 0; cycle < part.Length; cycle++)
        {
            all[cycle] += part[cycle];
        }
    }
}
