using System.Runtime.InteropServices;
using System.Text.Json;
using Hearsay.Playground.Contract;
using Hearsay.Playground.Scenes;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Tests;

public sealed class PlayRunTests
{
    private const string Actions = "&do=crash@1000:1,2&do=loss@1500*10&do=split@2000:3,4,5+1500&do=slow@2500:6+1000*200"
        + "&do=restart@3000:1&do=cut@3100:7,8+500&do=churn@3500*5&do=pause@4000:7+500&do=latency@4500*200&do=calm@6000";

    public static TheoryData<string> Scenes =>
        new(SceneList.All.Select(static scene => scene.Description.Name).Except(["case"]));

    [Theory]
    [MemberData(nameof(Scenes))]
    public void The_same_link_gives_the_same_run_however_time_is_cut_into_pieces(string scene)
    {
        var link = Link(scene);
        var whole = Run(link, 8000);
        var pieces = Open(link);
        for (var ms = 0.0; ms < 8000; ms += 17.3)
        {
            Assert.Null(pieces.RunUntil(At(ms)));
        }

        for (var i = 0; i < 5; i++)
        {
            // Steps go from event to event, and end up where they would have been without.
            Assert.Null(pieces.Step());
        }

        Assert.Null(whole.RunUntil(Instant.Max(pieces.Now, At(8000))));
        Assert.Null(pieces.RunUntil(whole.Now));
        Assert.Equal(whole.TraceHash, pieces.TraceHash);
        Assert.Equal(whole.Events, pieces.Events);
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void What_a_visitor_does_is_in_the_link_and_repeats(string scene)
    {
        var visit = Open($"scene={scene}&seed=5");
        Assert.Null(visit.RunUntil(At(1234.5678)));
        Assert.Null(visit.Act("crash", ":1"));
        Assert.Null(visit.Step());
        Assert.Null(visit.Act("split", ":0,2,3+700"));
        Assert.Null(visit.RunUntil(At(4000)));
        Assert.Null(visit.Act("calm", ""));
        Assert.Null(visit.RunUntil(At(6000)));
        Assert.Equal(visit.TraceHash, Run(visit.Link(), 6000).TraceHash);
        Assert.NotEqual(visit.TraceHash, Run($"scene={scene}&seed=5", 6000).TraceHash);
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void No_lamp_is_lit_while_everything_goes_wrong_at_once(string scene)
    {
        var run = Run(Link(scene), 15_000);
        Assert.All(run.Worlds, static world => Assert.Empty(world.Recorder.Broken));
        Assert.All(run.Worlds, static world => Assert.True(world.Recorder.Checks));
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Looking_at_a_run_changes_nothing(string scene)
    {
        var (seen, unseen) = (Open(Link(scene)), Open(Link(scene)));
        var frames = new PlayFrame();
        for (var ms = 0; ms <= 5000; ms += 100)
        {
            Assert.Null(seen.RunUntil(At(ms)));
            Assert.Null(unseen.RunUntil(At(ms)));
            Assert.NotEmpty(frames.Of(seen));
            JsonDocument.Parse(PlayJson.State(seen)).Dispose();
            JsonDocument.Parse(PlayJson.Node(seen, 0, 1)).Dispose();
            JsonDocument.Parse(PlayJson.Merge(seen, -1)).Dispose();
        }

        Assert.Equal(unseen.TraceHash, seen.TraceHash);
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void The_run_gives_one_answer_to_the_question_that_is_asked_before_it(string scene)
    {
        var description = SceneList.Find(scene)!.Description;
        var asked = description.Prediction;
        Assert.NotNull(asked);

        for (var i = 1; i < asked.Answers.Count; i++)
        {
            Assert.Equal(asked.Answers[i - 1].Below, asked.Answers[i].Least);
        }

        var answers = new HashSet<string>();
        var values = new List<double>();
        for (var seed = 1; seed <= 3; seed++)
        {
            var preset = description.Preset.Replace(';', '&');
            var run = Run($"scene={scene}&seed={seed}&{preset}", asked.At.TotalMilliseconds);
            values.Add(Metric(run, asked.Side, asked.Metric));
            answers.Add(Assert.Single(asked.Answers, answer =>
                values[^1] >= answer.Least && values[^1] < answer.Below).Text);
        }

        Assert.True(answers.Count == 1, $"{scene}: {string.Join(", ", values)}");
    }

    [Fact]
    public void The_case_of_the_fuzzer_asks_which_lamp_goes_out_first()
    {
        var description = SceneList.Find("case")!.Description;
        var asked = description.Prediction!;
        Assert.Equal(Prediction.Lamp, asked.Metric);
        Assert.Equal(
            ["None", .. Common.Lamps.Select(static lamp => lamp.Label)],
            asked.Answers.Select(static answer => answer.Text));
        Assert.Equal(
            Enumerable.Range(-1, Common.Lamps.Count + 1), asked.Answers.Select(static answer => (int)answer.Least));
        Assert.Equal(PlayBridge.LinkOfCase(1), $"scene=case&seed=1&{description.Preset.Replace(';', '&')}");
        var run = Run(PlayBridge.LinkOfCase(1), asked.At.TotalMilliseconds);
        Assert.Empty(run.Worlds[0].Recorder.Broken);
        Assert.NotEmpty(run.Actions);
    }

    [Fact]
    [Campaign]
    public void A_case_of_the_fuzzer_runs_as_the_fuzzer_runs_it()
    {
        foreach (var seed in new ulong[] { 1, 2, 3, 4, 5, 6 })
        {
            var fuzz = FuzzCase.FromSeed(seed) with { EndsQuietly = false };
            var run = Open(PlayBridge.LinkOfCase(seed));
            Assert.Null(run.RunUntil(Instant.Zero + fuzz.Trouble));
            Assert.Equal(FuzzRun.Run(fuzz).TraceHash, run.Worlds[0].Network.TraceHash);
        }
    }

    [Theory]
    [InlineData("cycle=100")]
    [InlineData("cycle=500")]
    [InlineData("latency=2000")]
    [InlineData("cycle=100&latency=2000&loss=90&fanout=4")]
    [InlineData("c=60&H=30&S=30")]
    public void A_knob_can_be_turned_to_either_end(string knobs) => Run($"scene=views&nodes=20&{knobs}", 2000);

    [Theory]
    [Campaign]
    [MemberData(nameof(Scenes))]
    public void Every_knob_can_be_turned_to_either_end(string scene)
    {
        var knobs = PlayRun.AllKnobs(SceneList.Find(scene)!).Where(static knob => knob.Name != "nodes");
        foreach (var (knob, end) in knobs.SelectMany(static knob =>
            new[] { (knob, knob.Minimum), (knob, knob.Maximum) }))
        {
            var value = knob.Choices.Count > 0 ? knob.Choices[(int)end] : $"{end}";
            Run($"scene={scene}&seed=1&{knob.Name}={value}", 500);
        }
    }

    [Fact]
    public void The_two_sides_are_the_same_where_their_knobs_are()
    {
        var run = Run("scene=views&seed=3&nodes=20&b.nodes=20" + Actions, 8000);
        Assert.Equal(2, run.Worlds.Count);
        Assert.Equal(run.Worlds[0].Network.TraceHash, run.Worlds[1].Network.TraceHash);
    }

    [Theory]
    [InlineData("scene=nowhere", "There is no scene")]
    [InlineData("scene=views&c=3", "c is a number from 4 to 60")]
    [InlineData("scene=views&c=NaN", "c is a number")]
    [InlineData("scene=views&nodes=1001", "nodes is a number from 2 to 1000")]
    [InlineData("scene=views&selection=best", "selection is one of rand, tail, head")]
    [InlineData("scene=views&b.x=1", "has no knob 'x'")]
    public void A_link_that_asks_for_what_is_not_there_is_refused(string link, string expected)
    {
        Assert.Contains(expected, PlayRun.Open(link, out var run), StringComparison.Ordinal);
        Assert.Null(run);
    }

    [Theory]
    [InlineData("crash@1:999", "There is no node 999")]
    [InlineData("explode@1", "has no action 'explode'")]
    [InlineData("cut@1:1", "two ends")]
    [InlineData("join@1*100000", "at most 1000 nodes")]
    public void An_action_that_cannot_be_is_refused_when_it_comes(string action, string expected)
    {
        var run = Open("scene=views&nodes=950&c=4&do=" + action);
        Assert.Contains(expected, run.RunUntil(At(10)), StringComparison.Ordinal);
    }

    /// <summary>A number of a frame, found as the page finds it.</summary>
    private static double Metric(PlayRun run, int side, int metric)
    {
        var numbers = MemoryMarshal.Cast<byte, int>(new PlayFrame().Of(run));
        var place = 8;
        for (var i = 0; i < side; i++)
        {
            var (nodes, values, metrics, packets) =
                (numbers[place], numbers[place + 1], numbers[place + 2], numbers[place + 3]);
            place += 6 + metrics;
            for (var node = 0; node < nodes; node++)
            {
                place += 2 + values + (numbers[place + 1] & ushort.MaxValue) + (numbers[place + 1] >>> 16);
            }

            place += 8 * packets;
        }

        return BitConverter.Int32BitsToSingle(numbers[place + 6 + metric]);
    }

    private static string Link(string scene) => $"scene={scene}&seed=9{Actions}"
        + string.Concat(SceneList.Find(scene)!.Description.Preset
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Where(static part => !part.StartsWith("do=", StringComparison.Ordinal)).Select(static part => "&" + part));

    private static Instant At(double milliseconds) =>
        Instant.Zero + TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));

    private static PlayRun Open(string link)
    {
        Assert.Null(PlayRun.Open(link, out var run));
        return run!;
    }

    private static PlayRun Run(string link, double milliseconds)
    {
        var run = Open(link);
        Assert.Null(run.RunUntil(At(milliseconds)));
        return run;
    }
}
