using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Simulation.Aggregation;

/// <summary>The quantile tournament of very many nodes, round by round: all pulls see the start of the round.</summary>
/// <remarks>Runs on the caller's thread. The same seed gives the same numbers.</remarks>
internal sealed class TournamentRun(double[] values, TournamentRound[] rounds, double loss, ulong seed)
{
    private const ulong Purpose = 0x5155_414E;

    private double[] _before = (double[])values.Clone();

    /// <summary>The values of all nodes, after the last round their answers.</summary>
    public double[] Values { get; private set; } = (double[])values.Clone();

    /// <summary>Rounds played.</summary>
    public int Round { get; private set; }

    /// <summary>Pulls sent by all nodes, those lost and made again included.</summary>
    public long Pulls { get; private set; }

    /// <summary>Plays a round.</summary>
    /// <returns>Whether there was one left.</returns>
    public bool Step()
    {
        if (Round == rounds.Length)
        {
            return false;
        }

        var round = rounds[Round++];
        (_before, Values) = (Values, _before);
        Span<double> pulled = stackalloc double[TournamentKernel.AnswerPulls];
        var random = SeededRandom.For(seed, 0, (ulong)Round, Purpose);
        for (var node = 0; node < Values.Length; node++)
        {
            for (var pull = 0; pull < round.Pulls; pull++)
            {
                pulled[pull] = Pull(ref random);
            }

            Values[node] = TournamentKernel.Play(round, pulled[..round.Pulls], ref random);
        }

        return true;
    }

    private double Pull(ref SeededRandom random)
    {
        do
        {
            Pulls++;
        }
        while (loss > 0 && (random.NextDouble() < loss || random.NextDouble() < loss));
        return _before[random.Below(_before.Length)];
    }
}
