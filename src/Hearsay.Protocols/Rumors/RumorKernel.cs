namespace Hearsay.Protocols.Rumors;

/// <summary>
/// The rules of rumor mongering for one rumor at one node, as pure functions: live nodes, virtual ones and bulk runs
/// all call these.
/// </summary>
/// <remarks>
/// All contacts of a cycle are judged on what both sides knew when it began: a node that learned the rumor in this
/// cycle is <see cref="RumorPhase.Fresh"/> and counts as one that did not know. That, and a counter which a useful
/// contact sets back, are what reproduces the published tables. Sources: Demers et al., "Epidemic algorithms for
/// replicated database maintenance", PODC 1987; Karp et al., "Randomized rumor spreading", FOCS 2000; Mercier, Hayez,
/// Matos, arXiv 1709.00198.
/// </remarks>
internal static class RumorKernel
{
    /// <summary>What a rumor is to the node that starts it.</summary>
    public static RumorState Begin(RumorOptions options) =>
        new(RumorPhase.Hot, options.Mode == RumorMode.MedianCounter ? (byte)1 : (byte)0, 0);

    /// <summary>Whether a node tells it to those it contacts.</summary>
    public static bool Tells(RumorOptions options, in RumorState state) =>
        state.Phase == RumorPhase.Hot && options.Mode != RumorMode.Pull;

    /// <summary>Whether a node tells it to those who ask.</summary>
    public static bool Answers(RumorOptions options, in RumorState state) => options.Mode switch
    {
        RumorMode.Push => false,
        RumorMode.PushThenPull =>
            state.Knew && state.Age >= options.PushCycles && state.Age <= options.MaximumAgeCycles,
        _ => state.Phase == RumorPhase.Hot,
    };

    /// <summary>Whether nodes ask in a cycle, even if nothing is hot.</summary>
    public static bool Asks(RumorOptions options) => options.Mode != RumorMode.Push;

    /// <summary>Whether the text may be needed again.</summary>
    public static bool Keeps(RumorOptions options, in RumorState state) =>
        state.Phase is RumorPhase.Fresh or RumorPhase.Hot || Answers(options, state);

    /// <summary>A copy came, with the counter and age of its sender.</summary>
    /// <returns>Whether it was the first.</returns>
    public static bool Hear(RumorOptions options, ref RumorState state, byte counter, ushort age)
    {
        var isNew = state.Phase == RumorPhase.Unknown;
        if (isNew)
        {
            state = new RumorState(RumorPhase.Fresh, 0, age);
        }

        if (options.Mode == RumorMode.MedianCounter && state.Phase == RumorPhase.Fresh)
        {
            var next = counter > options.K ? (byte)(options.K + 1) : (byte)1;
            state.Counter = Math.Max(state.Counter, next);
        }

        return isNew;
    }

    /// <summary>A copy was sent.</summary>
    public static void Told(ref RumorTally tally) => tally.Contacts = Next(tally.Contacts);

    /// <summary>The outcome of telling somebody is known.</summary>
    /// <param name="options">The rules.</param>
    /// <param name="tally">Of the node that told.</param>
    /// <param name="state">Of the node that told.</param>
    /// <param name="wasNew">Whether the other side had not known when its cycle began.</param>
    /// <param name="otherCounter">The counter of the other side.</param>
    public static void Judge(
        RumorOptions options, ref RumorTally tally, in RumorState state, bool wasNew, byte otherCounter)
    {
        if (wasNew)
        {
            tally.Useful = Next(tally.Useful);
        }
        else if (!options.Minimise || state.Counter <= otherCounter)
        {
            tally.Useless = Next(tally.Useless);
        }
    }

    /// <summary>Median counter: a partner's counter was heard; only partners that spread the rumor have one.</summary>
    public static void Compare(RumorOptions options, ref RumorTally tally, in RumorState state, byte otherCounter)
    {
        if (otherCounter > options.K)
        {
            tally.MetFinal = true;
        }
        else if (otherCounter >= state.Counter)
        {
            tally.Higher = Next(tally.Higher);
        }
        else
        {
            tally.Lower = Next(tally.Lower);
        }
    }

    /// <summary>The cycle is over.</summary>
    public static void EndCycle(
        RumorOptions options, ref RumorState state, in RumorTally tally, ref SeededRandom random)
    {
        if (state.Phase == RumorPhase.Unknown)
        {
            return;
        }

        state.Age = Next(state.Age);
        if (state.Phase == RumorPhase.Fresh)
        {
            state.Phase = RumorPhase.Hot;
        }
        else if (state.Phase == RumorPhase.Hot && Ends(options, ref state, tally, ref random))
        {
            state.Phase = RumorPhase.Removed;
        }

        var isOver = options.Mode == RumorMode.PushThenPull && state.Age >= options.PushCycles;
        if (state.Phase == RumorPhase.Hot && (isOver || state.Age > options.MaximumAgeCycles))
        {
            state.Phase = RumorPhase.Removed;
        }
    }

    private static bool Ends(
        RumorOptions options, ref RumorState state, in RumorTally tally, ref SeededRandom random) => options.Mode switch
        {
            RumorMode.PushThenPull => false,
            RumorMode.MedianCounter => EndsByMedian(options, ref state, tally),
            _ => LosesInterest(options, ref state, tally, ref random),
        };

    /// <summary>At most one step a cycle, however many contacts it had.</summary>
    private static bool LosesInterest(
        RumorOptions options, ref RumorState state, in RumorTally tally, ref SeededRandom random)
    {
        if (options.Feedback && tally.Useful > 0)
        {
            state.Counter = 0;
            return false;
        }

        if ((options.Feedback ? tally.Useless : tally.Contacts) == 0)
        {
            return false;
        }

        if (options.Interest == RumorInterest.Coin)
        {
            return random.Below(options.K) == 0;
        }

        state.Counter++;
        return state.Counter >= options.K;
    }

    private static bool EndsByMedian(RumorOptions options, ref RumorState state, in RumorTally tally)
    {
        if (state.Counter > options.K)
        {
            state.Counter++;
        }
        else if (tally.MetFinal)
        {
            state.Counter = (byte)(options.K + 1);
        }
        else if (tally.Higher > tally.Lower)
        {
            state.Counter++;
        }

        return state.Counter > 2 * options.K;
    }

    private static ushort Next(ushort count) => count == ushort.MaxValue ? count : (ushort)(count + 1);
}
