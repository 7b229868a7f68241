using Hearsay.Protocols.Aggregation.Carriers;

namespace Hearsay.Protocols.Aggregation.Tournament;

/// <summary>One quantile at one node: the values it held at the start of each round, and its pulls.</summary>
internal sealed class TournamentSlot : CarriedSlot
{
    /// <summary>The largest network that rounds are planned for.</summary>
    private const double LargestSize = 1e9;

    /// <summary>The powers of eight are sizes that people choose; 11, 88, 702 and 5,612 are not.</summary>
    private const double OddFactor = 1.37;

    private readonly double[] _values = new double[TournamentKernel.GreatestRounds + 1];
    private readonly double[] _pulled = new double[TournamentKernel.AnswerPulls];
    private readonly TournamentPull[] _pulls = new TournamentPull[TournamentKernel.AnswerPulls];
    private TournamentRound[] _rounds = [];
    private double _plannedFor;

    public TournamentSlot(ulong id, AggregateDefinition definition)
        : base(id, definition) => Begin(takesPart: false, default);

    /// <summary>The error that is told before any is known.</summary>
    public const double DefaultError = 0.01;

    /// <summary>Whether the node has taken part since the beginning of the epoch.</summary>
    public bool IsActive { get; private set; }

    /// <summary>When the epoch began here.</summary>
    public Instant Begun { get; private set; }

    /// <summary>The round, from 0; -1 before the first. As many as there are rounds: done.</summary>
    public int Round { get; private set; }

    /// <summary>How many rounds there are.</summary>
    public int Rounds => _rounds.Length;

    /// <summary>Whether it has a result.</summary>
    public bool IsDone => Round >= 0 && Round == Rounds;

    /// <summary>Whether this node's own value of the epoch is in.</summary>
    public bool HasContributed { get; private set; }

    /// <summary>The result, or the present value.</summary>
    public double Value => Round < 0 ? double.NaN : _values[Round];

    /// <summary>Half the distance between the quartiles of the values the result is the median of.</summary>
    public double Spread { get; private set; } = double.PositiveInfinity;

    /// <summary>The pulls of the present round.</summary>
    public Span<TournamentPull> Pulls => Round < 0 || IsDone ? [] : _pulls.AsSpan(0, _rounds[Round].Pulls);

    /// <summary>Whether all of them are answered.</summary>
    public bool AllPulled
    {
        get
        {
            foreach (ref readonly var pull in Pulls)
            {
                if (!pull.IsDone)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>A new epoch begins here.</summary>
    public void Begin(bool takesPart, Instant now)
    {
        (IsActive, HasContributed, Round, Begun) = (takesPart, false, -1, now);
        _values[0] = double.NaN;
    }

    /// <summary>Takes this node's own value, once an epoch and before the first round.</summary>
    /// <returns>False if it is no number or absurd, too late, or not the first.</returns>
    public bool TryContribute(double value)
    {
        if (!IsActive || HasContributed || Round >= 0 || !(Math.Abs(value) <= AggregateDefinition.MaximumMagnitude))
        {
            return false;
        }

        _values[0] = Definition.Minimum is { } low ? Math.Clamp(value, low, Definition.Maximum!.Value) : value;
        return HasContributed = true;
    }

    /// <summary>The values are in: the first round begins.</summary>
    /// <param name="nodes">How many nodes there are, about.</param>
    public void Start(double nodes)
    {
        var planned = PlannedFor(nodes);
        if (planned != _plannedFor)
        {
            _plannedFor = planned;
            _rounds = TournamentKernel.Schedule(
                Definition.Quantile!.Value, Definition.Precision ?? DefaultError, planned);
        }

        Round = 0;
        BeginRound();
    }

    /// <summary>
    /// The size that rounds are planned for. They depend on an estimate and should not depend on its digits, so it is
    /// rounded up to a power of eight; where that changes no network is likely to be, as half of it would play a round
    /// more than the other half.
    /// </summary>
    public static double PlannedFor(double nodes) =>
        Math.Pow(8, Math.Ceiling(Math.Log(Math.Clamp(nodes, 2, LargestSize) / OddFactor, 8)));

    /// <summary>The value at the start of a round, for another node.</summary>
    /// <returns>Its status.</returns>
    public byte Answer(int round, out double value)
    {
        value = 0;
        if (!IsActive)
        {
            return TournamentMessage.None;
        }

        if (Round < 0 || round > Round)
        {
            // Who is done has the value of all rounds to come, if another counts more of them.
            if (!IsDone)
            {
                return TournamentMessage.NotYet;
            }

            round = Rounds - 1;
        }

        // The result is an answer and no value: the last round leaves the value as it was.
        var held = _values[Math.Min(round, Rounds - 1)];
        value = double.IsNaN(held) ? 0 : held;
        return double.IsNaN(held) ? TournamentMessage.None : TournamentMessage.Value;
    }

    /// <summary>Whether another node's value can be believed.</summary>
    public bool IsValid(double value) =>
        Math.Abs(value) <= AggregateDefinition.MaximumMagnitude
        && !(value < Definition.Minimum || value > Definition.Maximum);

    /// <summary>A value came.</summary>
    public void Take(int place, double value) => (_pulled[place], _pulls[place].IsDone) = (value, true);

    /// <summary>All values of the round are there: plays it.</summary>
    public void Play(ref SeededRandom random)
    {
        ref readonly var round = ref _rounds[Round];
        var pulled = _pulled.AsSpan(0, round.Pulls);
        _values[Round + 1] = TournamentKernel.Play(round, pulled, ref random);
        Round++;
        if (IsDone)
        {
            Spread = (pulled[pulled.Length * 3 / 4] - pulled[pulled.Length / 4]) / 2;
        }
        else
        {
            BeginRound();
        }
    }

    /// <summary>What the application is told at the end.</summary>
    public AggregateEstimate Read(TournamentClock clock, Instant now) => Estimate(
        Value, Spread, clock.Number, clock.Cycle(now), clock.Elapsed(now), isFinal: true, isReady: true,
        double.NaN, null);

    private void BeginRound() => _pulls.AsSpan().Clear();
}
