using System.Text.Json;

namespace Hearsay.Agent.Tests.Guest;

/// <summary>The commands that visit a network, at a network of real sockets.</summary>
public sealed class GuestTests
{
    private const string Cluster = "guests";

    [Fact]
    public async Task What_is_published_is_heard_by_members_and_by_guests()
    {
        await using var members = await StartAsync();
        await using var heard = members.Nodes[1].GetTopic("prices").Subscribe();
        var listening = Cli.RunAsync($"listen prices --count 1 --json --seed {members.Seed} --cluster {Cluster}");
        (int ExitCode, string Output, string Error) published;
        do
        {
            // The listener may still be on its way in.
            published = await Cli.RunAsync(
                $"publish prices 42 --linger 200ms --seed {members.Seed} --cluster {Cluster}");
            Assert.Equal((0, ""), (published.ExitCode, published.Error));
        }
        while (!listening.IsCompleted && await Task.WhenAny(listening, Task.Delay(100)) != listening);

        var listened = await listening;
        Assert.Equal((0, "listening to 'prices'"), (listened.ExitCode, listened.Error.Trim()));
        var message = JsonDocument.Parse(listened.Output).RootElement;
        Assert.Equal("42"u8.ToArray(), message.GetProperty("payload").GetBytesFromBase64());
        await foreach (var first in heard)
        {
            Assert.Equal("42", first.Text);
            break;
        }
    }

    [Fact]
    public async Task A_guest_agrees_with_the_members_on_a_number()
    {
        await using var members = await StartAsync();
        var aggregates = members.Nodes.Select(node => node.GetAggregate("load").Average(() => 10)).ToList();
        var (code, output, error) = await Cli.RunAsync(
            $"aggregate load --kind average --value 10 --json --cycle-time 50ms --cycles-per-epoch 12 "
            + $"--seed {members.Seed} --cluster {Cluster}");
        Assert.Equal((0, ""), (code, ComplaintsIn(error)));
        Assert.Equal(10, JsonDocument.Parse(output).RootElement.GetProperty("value").GetDouble(), 1e-6);
        aggregates.ForEach(aggregate => aggregate.Dispose());
    }

    [Theory]
    [InlineData("extremasum", "--value 1000 --precision 1000", 1040, 200)]
    [InlineData("extremacount", "--value 1 --precision 1000", 5, 0.9)]
    [InlineData("sample", "--item own --item other --value 4", 6, 1e-9)]
    [InlineData("distinctcount", "--item own --item other", 6, 0.7)]
    public async Task A_guest_takes_part_in_a_sketch(string kind, string given, double expected, double slack)
    {
        await using var members = await StartAsync();
        var precision = given.Contains("1000", StringComparison.Ordinal)
            ? new AggregateSettings { Precision = 1000 } : null;
        var aggregates = members.Nodes.Select((node, i) => kind switch
        {
            "extremasum" => node.GetAggregate("s").ExtremaSum(() => 10, precision),
            "extremacount" => node.GetAggregate("s").ExtremaCount(() => true, precision),
            "sample" => node.GetAggregate("s").Sample(() => new Dictionary<string, double> { [$"{i}"] = 1 }),
            _ => node.GetAggregate("s").DistinctCount(() => [$"{i}"]),
        }).ToList();

        // On a busy machine a node can be stopped for the 600 ms of an epoch and is then rightly not counted in it.
        var estimate = await VisitUntilAsync(
            $"aggregate s --kind {kind} {given} --json --cycle-time 50ms --cycles-per-epoch 12 "
            + $"--seed {members.Seed} --cluster {Cluster}",
            value => Math.Abs(value - expected) <= slack);
        Assert.Equal(kind == "sample", estimate.TryGetProperty("p50", out _));
        aggregates.ForEach(aggregate => aggregate.Dispose());
    }

    [Theory]
    [InlineData("--method flow-updating --value 10")]
    [InlineData("--method push-sum --value 10")]
    [InlineData("--kind quantile --quantile 0.9 --epsilon 0.1 --value 10")]
    public async Task A_guest_agrees_by_other_methods(string arguments)
    {
        await using var members = await StartAsync();
        var flow = new AggregateSettings { Method = AggregateMethod.FlowUpdating };
        var push = new AggregateSettings { Method = AggregateMethod.PushSum };
        List<Aggregate> aggregates =
        [
            .. members.Nodes.Select(node => node.GetAggregate("load").Average(() => 10, flow)),
            .. members.Nodes.Select(node => node.GetAggregate("load").Average(() => 10, push)),
            .. members.Nodes.Select(node => node.GetAggregate("load").Quantile(0.9, 0.1, () => 10)),
        ];
        var (code, output, error) = await Cli.RunAsync(
            $"aggregate load {arguments} --json --cycle-time 50ms --cycles-per-epoch 12 "
            + $"--seed {members.Seed} --cluster {Cluster}");
        Assert.Equal((0, ""), (code, ComplaintsIn(error)));
        Assert.Equal(10, JsonDocument.Parse(output).RootElement.GetProperty("value").GetDouble(), 0.1);
        aggregates.ForEach(aggregate => aggregate.Dispose());
    }

    [Theory]
    [InlineData("--kind average")]
    [InlineData("--kind sum")]
    [InlineData("--kind max")]
    [InlineData("--kind quantiles --minimum 0 --maximum 1")]
    [InlineData("--method push-sum --patience 3s")]
    [InlineData("--method flow-updating --patience 3s")]
    [InlineData("--kind quantile --patience 3s")]
    public async Task A_number_of_which_nobody_has_a_value_is_an_error(string arguments)
    {
        await using var members = await StartAsync();
        var (code, output, error) = await Cli.RunAsync(
            $"aggregate cpu {arguments} --cycle-time 50ms --cycles-per-epoch 12 "
            + $"--seed {members.Seed} --cluster {Cluster}");
        Assert.Equal((1, "", "No node has a value for 'cpu'."), (code, output, ComplaintsIn(error)));
    }

    [Fact]
    public async Task Where_nobody_says_yes_the_count_is_zero()
    {
        await using var members = await StartAsync();
        var (code, output, error) = await Cli.RunAsync(
            $"aggregate cpu --kind count --json --cycle-time 50ms --cycles-per-epoch 12 "
            + $"--seed {members.Seed} --cluster {Cluster}");
        Assert.Equal((0, ""), (code, ComplaintsIn(error)));
        Assert.Equal(0, JsonDocument.Parse(output).RootElement.GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Who_asks_for_another_kind_is_told_what_there_is()
    {
        await using var members = await StartAsync();
        var sums = members.Nodes.Select(node => node.GetAggregate("cpu").Sum(() => 1)).ToList();
        var (code, _, error) = await Cli.RunAsync(
            $"aggregate cpu --cycle-time 50ms --cycles-per-epoch 12 --seed {members.Seed} --cluster {Cluster}");
        Assert.Equal(1, code);
        Assert.Equal(
            $"No node has a value for 'cpu'; others take part in '{sums[0].Definition}'.", ComplaintsIn(error));
        sums.ForEach(sum => sum.Dispose());
    }

    [Fact]
    public async Task A_guest_is_told_what_it_waits_for()
    {
        await using var members = await StartAsync(cyclesPerEpoch: 60);
        var (code, _, error) = await Cli.RunAsync(
            $"aggregate cpu --cycle-time 50ms --cycles-per-epoch 60 --seed {members.Seed} --cluster {Cluster}");
        Assert.Equal(1, code);
        Assert.Matches(@"(?m)^epoch \d+, cycle \d+ of 60: no estimate yet; it ends in \d s\r?$", error);
    }

    [Fact]
    public async Task An_estimate_that_is_near_enough_does_not_wait_for_the_end_of_the_epoch()
    {
        await using var members = await StartAsync(cyclesPerEpoch: 1000);
        var aggregates = members.Nodes.Select(node => node.GetAggregate("load").Average(() => 10)).ToList();
        var (code, output, error) = await Cli.RunAsync(
            $"aggregate load --within 0.05 --json --cycle-time 50ms --cycles-per-epoch 1000 "
            + $"--seed {members.Seed} --cluster {Cluster}");
        Assert.Equal((0, ""), (code, ComplaintsIn(error)));
        var estimate = JsonDocument.Parse(output).RootElement;
        Assert.False(estimate.GetProperty("isFinal").GetBoolean());
        Assert.Equal(10, estimate.GetProperty("value").GetDouble(), 0.5);
        aggregates.ForEach(aggregate => aggregate.Dispose());
    }

    [Fact]
    public async Task Nobody_at_home_is_an_error_after_the_patience()
    {
        var (code, _, error) = await Cli.RunAsync("publish t x --seed 127.0.0.1:1 --patience 300ms");
        Assert.Equal(1, code);
        Assert.Contains("No node answered at 127.0.0.1:1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_cluster_is_named_by_who_was_asked()
    {
        await using var members = await StartAsync();
        var (code, _, error) = await Cli.RunAsync(
            $"publish t x --seed {members.Seed} --cluster misspelt --patience 5s");
        Assert.Equal(1, code);
        Assert.Contains(
            $"{members.Seed} answers that it belongs to another cluster than 'misspelt'", error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("No node answered", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" --track")]
    public async Task A_publisher_says_how_far_its_message_got_if_asked(string track)
    {
        await using var members = await StartAsync();
        var (code, output, error) = await Cli.RunAsync(
            $"publish prices 42 --linger 0s{track} --seed {members.Seed} --cluster {Cluster}");
        Assert.Equal(0, code);

        // Whether there are no more is known after three seconds in which none came, and two are the longest silence.
        Assert.Equal(
            track.Length > 0, error.StartsWith("acknowledged by 4 other nodes so far", StringComparison.Ordinal));
        Assert.Equal(
            track.Length > 0, output.Contains("reached at least 4 other nodes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_not_known_is_named()
    {
        var (code, _, error) = await Cli.RunAsync("publish t x --seed no-such-host.invalid --patience 300ms");
        Assert.Equal(1, code);
        Assert.Contains("The name 'no-such-host.invalid' is not known", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_of_the_wrong_length_is_refused_before_anything_is_joined()
    {
        var (code, _, error) = await Cli.RunAsync($"listen {new string('x', 65)} --seed 127.0.0.1:1");
        Assert.Equal(2, code);
        Assert.StartsWith("TOPIC must have 1 to 64 bytes of UTF-8, not 65.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("publish t x --seed nonsense:port")]
    [InlineData("listen t --seed 127.0.0.1:1 --count 0")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --kind best")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --value much")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --kind histogram")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --kind sample --precision 5000")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --minimum 3")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --method telepathy")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --kind quantile --quantile 1.5")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --within 0")]
    [InlineData("aggregate a --seed 127.0.0.1:1 --within 5%")]
    public async Task A_wrong_option_is_a_usage_error(string arguments) =>
        Assert.Equal(2, (await Cli.RunAsync(arguments)).ExitCode);

    /// <summary>What a command wrote on standard error beside what it waits for.</summary>
    private static string ComplaintsIn(string error) => string.Join('\n', error.Split(
        '\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(static line =>
            !line.StartsWith("trying ", StringComparison.Ordinal)
            && !line.StartsWith("joined; ", StringComparison.Ordinal)
            && !line.StartsWith("joined, ", StringComparison.Ordinal)
            && !line.StartsWith("epoch ", StringComparison.Ordinal)));

    /// <summary>Visits until the value is right: a node that counts wrongly never gets there.</summary>
    private static async Task<JsonElement> VisitUntilAsync(string arguments, Func<double, bool> isRight)
    {
        const int Visits = 12;
        var values = new List<double>();
        while (values.Count < Visits)
        {
            var (code, output, error) = await Cli.RunAsync(arguments);
            Assert.True(code == 0, error);
            var estimate = JsonDocument.Parse(output).RootElement;
            values.Add(estimate.GetProperty("value").GetDouble());
            if (isRight(values[^1]))
            {
                return estimate;
            }
        }

        Assert.Fail($"No visit of {Visits} was right: {string.Join(", ", values)}.");
        return default;
    }

    private static async Task<Members> StartAsync(int cyclesPerEpoch = 12)
    {
        var nodes = new List<GossipNode>();
        for (var i = 0; i < 4; i++)
        {
            nodes.Add(await GossipNode.StartAsync(new GossipNodeOptions
            {
                Bind = "127.0.0.1:0",
                RandomSeed = LiveSeed.Next(),
                Cluster = Cluster,
                Seeds = [.. nodes.Take(1).Select(node => node.LocalAddress.ToString())],
                Sampling = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromMilliseconds(100) },
                Aggregation = new AggregationOptions
                {
                    CycleTime = TimeSpan.FromMilliseconds(50), CyclesPerEpoch = cyclesPerEpoch,
                },
            }));
        }

        await Task.WhenAll(nodes.Select(node => node.WaitForPeersAsync(3)));
        return new Members(nodes);
    }

    private sealed class Members(IReadOnlyList<GossipNode> nodes) : IAsyncDisposable
    {
        public IReadOnlyList<GossipNode> Nodes => nodes;

        public string Seed => nodes[0].LocalAddress.ToString();

        public async ValueTask DisposeAsync() =>
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
    }
}
