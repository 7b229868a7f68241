using Hearsay.Protocols;

namespace Hearsay.Simulation.Cycles;

/// <summary>What every cycle-driven engine does alike, however it keeps views and orders turns.</summary>
internal static class EngineSteps
{
    private const ulong StartPurpose = 1;
    private const ulong KillPurpose = 4;

    /// <summary>Fills an empty store with the nodes and views before the first cycle.</summary>
    public static void Begin<TStore>(TStore store, CycleOptions options, int nodes, OverlayStart start)
        where TStore : IViewStore
    {
        store.Reserve(nodes);
        for (var i = 0; i < (start == OverlayStart.Growing ? 1 : nodes); i++)
        {
            store.Add();
        }

        var random = SeededRandom.For(options.Seed, 0, 0, StartPurpose);
        OverlayStarts.Fill(store, start, options.Rules.ViewSize, ref random);
    }

    /// <summary>Throws where options or nodes make no run.</summary>
    public static void Validate(CycleOptions options, int nodes)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Fanout, 1, nameof(options));
    }

    /// <summary>
    /// How many nodes join now. A growing start is short of nodes; others are short of none, whoever dies or joins
    /// later.
    /// </summary>
    public static int JoinsNow(CycleOptions options, int finalNodes, int nodes) =>
        Math.Max(0, Math.Min(options.JoinsPerCycle, finalNodes - nodes));

    /// <summary>Adds a node that knows one other.</summary>
    public static int Join<TStore>(TStore store, int contact)
        where TStore : IViewStore
    {
        ArgumentOutOfRangeException.ThrowIfNegative(contact);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(contact, store.NodeCount);
        var node = store.Add();
        var view = store.View(node);
        view.Append((uint)contact, 0);
        store.Keep(node, view);
        return node;
    }

    /// <summary>How many nodes a share of the live ones is.</summary>
    public static int CountOf(double share, int live)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return (int)Math.Round(share * live);
    }

    /// <summary>Brings those who die to the end of the list of all who live, which is in ascending order.</summary>
    /// <param name="options">Of the run.</param>
    /// <param name="live">Who lives.</param>
    /// <param name="kills">How many times nodes were killed so far, this one included.</param>
    /// <param name="cycle">Cycles run so far.</param>
    public static void ChooseDying(CycleOptions options, Span<int> live, ulong kills, int cycle) =>
        SeededRandom.For(options.Seed, kills, (ulong)cycle, KillPurpose).Shuffle(live);

    /// <summary>Entries of live nodes' views that point to dead nodes.</summary>
    public static long CountDeadLinks<TEngine>(TEngine engine)
        where TEngine : ICycleEngine
    {
        var dead = 0L;
        for (var node = 0; node < engine.NodeCount; node++)
        {
            if (engine.IsAlive(node))
            {
                foreach (var handle in engine.ViewOf(node))
                {
                    dead += engine.IsAlive((int)handle) ? 0 : 1;
                }
            }
        }

        return dead;
    }
}
