using Hearsay.Playground.Contract;
using Hearsay.Playground.Links;
using Hearsay.Playground.Scenes;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground;

/// <summary>
/// One run of a scene: one network, or two with the same seed and the same events. The page, a replay and a test all
/// drive this class; what it does depends on the link alone.
/// </summary>
internal sealed class PlayRun
{
    private readonly IScene _scene;
    private readonly World[] _worlds;
    private readonly List<PlayAction> _actions = [];
    private readonly KnobValues[] _knobs;
    private readonly bool _hasSecond;

    private PlayRun(IScene scene, ulong seed, KnobValues[] knobs, bool hasSecond)
    {
        (_scene, Seed, _knobs, _hasSecond) = (scene, seed, knobs, hasSecond);
        _worlds = [.. knobs.Take(hasSecond ? 2 : 1).Select(values => scene.Create(values, seed))];
    }

    /// <summary>The scene.</summary>
    public SceneDescription Scene => _scene.Description;

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The networks.</summary>
    public IReadOnlyList<World> Worlds => _worlds;

    /// <summary>What was done so far, the earliest first.</summary>
    public IReadOnlyList<PlayAction> Actions => _actions;

    /// <summary>Virtual time since the scene began.</summary>
    public Instant Now { get; private set; } = Instant.Zero;

    /// <summary>Events of all networks so far.</summary>
    public long Events => _worlds.Sum(static world => world.Network.EventsHandled);

    /// <summary>A number that stands for every event so far in every network: the same on any machine.</summary>
    public ulong TraceHash => _worlds.Aggregate(0UL, static (hash, world) =>
        SeededRandom.Mix(hash ^ world.TraceHash) + 1);

    /// <summary>What share of the time before the scene has passed, from 0 to 1: from 1 on it can be shown.</summary>
    public double ShareBefore => _worlds.Average(static world => world.ShareBefore);

    /// <summary>What of the link has not happened yet.</summary>
    public Queue<PlayAction> Coming { get; } = new();

    /// <summary>Makes the run that a link stands for, at the beginning of its scene.</summary>
    /// <returns>What is wrong with the link; null if nothing is.</returns>
    public static string? Open(string text, out PlayRun? run)
    {
        var wrong = Make(text, out run);
        run?.Approach(int.MaxValue);
        return wrong;
    }

    /// <summary>Makes the run that a link stands for; nothing of its network has happened yet.</summary>
    /// <returns>What is wrong with the link; null if nothing is.</returns>
    public static string? Make(string text, out PlayRun? run)
    {
        run = null;
        if (Check(text, out var link, out var scene, out var knobs) is { } wrong)
        {
            return wrong;
        }

        run = new PlayRun(scene!, link.Seed, knobs, link.Knobs.Any(static knob => IsSecond(knob.Name)));
        foreach (var action in link.Actions)
        {
            run.Coming.Enqueue(action);
        }

        return null;
    }

    /// <summary>Looks at what a link says, without making its run.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Check(string text, out PlayLink link, out IScene? scene, out KnobValues[] knobs)
    {
        (scene, knobs) = (null, []);
        if (PlayLink.Read(text, out link) is { } wrong)
        {
            return wrong;
        }

        scene = SceneList.Find(link.Scene);
        if (scene is null)
        {
            return $"There is no scene '{PlayLink.Shorten(link.Scene)}'. There are "
                + string.Join(", ", SceneList.All.Select(static known => known.Description.Name)) + ".";
        }

        knobs = [new(AllKnobs(scene)), new(AllKnobs(scene))];
        return Set(scene, knobs, link.Knobs);
    }

    /// <summary>The knobs of a scene: its own, then those of all scenes.</summary>
    public static IReadOnlyList<Knob> AllKnobs(IScene scene) => [.. scene.Description.Knobs, .. Common.Knobs];

    /// <summary>
    /// Lets happen what comes before the scene. It may be called as often as one likes: the run is the same.
    /// </summary>
    /// <param name="parts">So many parts of it at most: each a join, or a little time.</param>
    public void Approach(int parts)
    {
        foreach (var world in _worlds)
        {
            for (; parts > 0 && !world.HasBegun; parts--)
            {
                world.Approach();
            }
        }
    }

    /// <summary>Lets virtual time pass up to a moment; what the link holds happens on the way.</summary>
    /// <returns>What is wrong with an action of the link; null if nothing is.</returns>
    public string? RunUntil(Instant moment)
    {
        while (Coming.TryPeek(out var action) && action.At <= moment)
        {
            Coming.Dequeue();
            Pass(action.At);
            if (Do(action) is { } wrong)
            {
                return wrong;
            }
        }

        Pass(moment);
        return null;
    }

    /// <summary>Lets one event happen, and all others of the same moment.</summary>
    public string? Step()
    {
        var next = _worlds.Min(static world => world.NextEvent);
        return next == Instant.Never ? null : RunUntil(Instant.Max(Now, next));
    }

    /// <summary>The visitor does something now; what the link held for later is dropped.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? Act(string verb, string rest)
    {
        if (_actions.Count == PlayLink.MostActions)
        {
            return $"A run has at most {PlayLink.MostActions} actions.";
        }

        var now = new PlayAction(verb, new Fault(FaultKind.Crash, Now)).ToString();
        return PlayAction.TryParse(now + rest, out var action)
            ? Do(action)
            : $"'{PlayLink.Shorten(verb + rest)}' is no action.";
    }

    /// <summary>The link of this run, with all that was done.</summary>
    public string Link() => PlayLink.Write(Scene.Name, Seed, Written(), _actions.Concat(Coming));

    /// <summary>The values of a side's knobs.</summary>
    public KnobValues Knobs(int side) => _knobs[side];

    private static bool IsSecond(string name) => name.StartsWith("b.", StringComparison.Ordinal);

    private static string? Set(
        IScene scene, KnobValues[] values, List<(string Name, string Value)> knobs)
    {
        // The second side is as the first one but for what it says itself, in whatever order the link says it.
        foreach (var (name, value) in knobs.OrderBy(static knob => IsSecond(knob.Name)))
        {
            var isSecond = IsSecond(name);
            var plain = isSecond ? name[2..] : name;
            if (AllKnobs(scene).FirstOrDefault(known => known.Name == plain) is not { } knob)
            {
                return $"The scene {scene.Description.Name} has no knob '{PlayLink.Shorten(plain)}'.";
            }

            if (values[isSecond ? 1 : 0].Set(knob, value) is { } wrong)
            {
                return wrong;
            }

            if (!isSecond)
            {
                values[1].Set(knob, value);
            }
        }

        return null;
    }

    private string? Do(PlayAction action)
    {
        foreach (var world in _worlds)
        {
            if (world.Act(action) is { } wrong)
            {
                return wrong;
            }
        }

        _actions.Add(action);
        return null;
    }

    private void Pass(Instant moment)
    {
        foreach (var world in _worlds)
        {
            world.RunUntil(moment);
        }

        Now = moment;
    }

    private IEnumerable<(string Name, string Value)> Written()
    {
        var knobs = AllKnobs(_scene);
        var standard = new KnobValues(knobs);
        foreach (var knob in knobs.Where(knob => _knobs[0][knob.Name] != standard[knob.Name]))
        {
            yield return (knob.Name, _knobs[0].Text(knob));
        }

        if (!_hasSecond)
        {
            yield break;
        }

        var different = knobs.Where(knob => _knobs[1][knob.Name] != _knobs[0][knob.Name]).ToList();
        foreach (var knob in different.Count > 0 ? different : [knobs[0]])
        {
            yield return ("b." + knob.Name, _knobs[1].Text(knob));
        }
    }
}
