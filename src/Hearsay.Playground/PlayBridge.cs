using System.Globalization;
using Hearsay.Playground.Scenes.Cases;

namespace Hearsay.Playground;

/// <summary>
/// What a page can call: texts, numbers and bytes only. The page's core exports each of these under its own name; a
/// test calls them natively.
/// </summary>
public static class PlayBridge
{
    private static readonly PlayFrame Frames = new();
    private static readonly TimeSpan Piece = TimeSpan.FromMilliseconds(100);
    private static PlayRun? s_run;
    private static PlayRun? s_next;

    /// <summary>Names all scenes, as JSON, with what they have in common.</summary>
    public static string Scenes() => PlayJson.Scenes();

    /// <summary>The same of the first scene alone, which takes a browser much less time.</summary>
    public static string First() => PlayJson.First();

    /// <summary>Describes a scene, as JSON.</summary>
    /// <param name="name">Its name, which stands in the <c>scene</c> of a link.</param>
    /// <exception cref="ArgumentException">There is no such scene.</exception>
    public static string Scene(string name) => PlayJson.Scene(name);

    /// <summary>
    /// Begins to make the run of a link. The one before stays until <see cref="Approach"/> has come to the beginning of
    /// the scene; another link, even one that is no good, takes the place of one whose run is being made.
    /// </summary>
    /// <param name="link">A whole address, its fragment, or the fragment's text. It may be anything at all.</param>
    /// <returns>What is wrong with the link; empty if nothing is.</returns>
    public static string Make(string link)
    {
        ArgumentNullException.ThrowIfNull(link);
        return PlayRun.Make(link, out s_next) ?? "";
    }

    /// <summary>
    /// Goes on making a run. What comes before the scene may take minutes, and nobody would be answered meanwhile.
    /// </summary>
    /// <param name="parts">
    /// So many small parts at most; of a busy network one takes some ms. Their number in a call changes nothing in the
    /// run.
    /// </param>
    /// <returns>The share that is done, from 0 to 1. With 1 it is the run that all other calls are about.</returns>
    public static double Approach(int parts)
    {
        if (s_next is not { } next)
        {
            return 1;
        }

        next.Approach(parts);
        var share = next.ShareBefore;
        if (share >= 1)
        {
            (s_run, s_next) = (next, null);
        }

        return share;
    }

    /// <summary>Begins the run of a link at once, in place of the one before.</summary>
    /// <param name="link">As in <see cref="Make"/>.</param>
    /// <returns>The state of the run as JSON; an object with an <c>error</c> if the link is no good.</returns>
    public static string Open(string link)
    {
        if (Make(link) is { Length: > 0 } wrong)
        {
            return PlayJson.Error(wrong);
        }

        Approach(int.MaxValue);
        return PlayJson.State(Run);
    }

    /// <summary>Lets virtual time pass.</summary>
    /// <param name="milliseconds">Up to when, since the scene began.</param>
    /// <returns>What is wrong with an action of the link; empty if nothing is.</returns>
    public static string RunUntil(double milliseconds) =>
        Run.RunUntil(Instant.Max(Run.Now, Instant.Zero + Ticks(milliseconds))) ?? "";

    /// <summary>Lets one event happen.</summary>
    /// <returns>As <see cref="RunUntil"/>.</returns>
    public static string Step() => Run.Step() ?? "";

    /// <summary>Does something to the network now.</summary>
    /// <param name="verb">What.</param>
    /// <param name="rest">To whom, for how long and how much, as in a link: <c>:1,2+500*3</c>.</param>
    /// <returns>What is wrong with it; empty if nothing is.</returns>
    public static string Act(string verb, string rest) => Run.Act(verb, rest) ?? "";

    /// <summary>Everything that is drawn of the present moment; <c>PlayFrame</c> describes the numbers.</summary>
    public static byte[] Frame() => Frames.Of(Run);

    /// <summary>The state of the run as JSON.</summary>
    public static string State() => PlayJson.State(Run);

    /// <summary>What is known of a node, as JSON.</summary>
    public static string Node(int side, int node) => PlayJson.Node(Run, side, node);

    /// <summary>The points that the nodes of a side hold, and lines that are nobody's, as JSON.</summary>
    public static string Plane(int side) => PlayJson.Plane(Run, side);

    /// <summary>The latest merge as JSON.</summary>
    /// <param name="node">Of this node; of any if negative.</param>
    public static string Merge(int node) => PlayJson.Merge(Run, node);

    /// <summary>Repeats the run of a link.</summary>
    /// <param name="link">The link. Its <c>t</c> says up to when, in ms.</param>
    /// <param name="until">Up to when where the link does not say.</param>
    /// <param name="error">What is wrong with the link; null if nothing is.</param>
    /// <param name="progress">Is told what share of the time has passed, from 0 to 1; null if nobody asks.</param>
    /// <returns>The state of the run at its end, as JSON; empty if something is wrong.</returns>
    public static string Replay(string link, TimeSpan until, out string? error, Action<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(link);
        error = PlayRun.Open(link, out var run);
        if (run is null)
        {
            return "";
        }

        _ = Links.PlayLink.Read(link, out var read);
        var whole = read.Until ?? until;
        do
        {
            error = run.RunUntil(Instant.Min(Instant.Zero + whole, run.Now + Piece));
            progress?.Invoke((run.Now - Instant.Zero) / whole);
        }
        while (error is null && run.Now < Instant.Zero + whole);

        return error is null ? PlayJson.State(run) : "";
    }

    /// <summary>Looks at a link without running it.</summary>
    /// <param name="link">The link.</param>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Check(string link)
    {
        ArgumentNullException.ThrowIfNull(link);
        return PlayRun.Check(link, out _, out _, out _);
    }

    /// <summary>The link of a case of the fuzzer, in which it can be looked at.</summary>
    /// <param name="seed">The seed of the case.</param>
    /// <param name="plan">Its faults; null for those that the seed stands for.</param>
    public static string LinkOfCase(ulong seed, FaultPlan? plan = null) => Links.PlayLink.Write(
        "case", seed, [], plan is null ? CaseScene.FaultsOf(seed) : CaseScene.OfPlan(plan));

    private static PlayRun Run =>
        s_run ?? throw new InvalidOperationException("No scene is open.");

    private static TimeSpan Ticks(double milliseconds) => double.IsFinite(milliseconds)
        ? TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond))
        : throw new ArgumentOutOfRangeException(
            nameof(milliseconds), string.Create(CultureInfo.InvariantCulture, $"{milliseconds}"));
}
