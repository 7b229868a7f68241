using System.Text;
using System.Text.Json;
using Hearsay.Protocols;
using Hearsay.Tests;

namespace Hearsay.Simulation.Tests.Traces;

public sealed class NetworkTraceTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_trace_changes_nothing_in_the_run()
    {
        var (seen, _) = Traced();
        var unseen = Network();
        unseen.Run(Span);
        Assert.Equal(unseen.TraceHash, seen.TraceHash);
        Assert.Equal(unseen.EventsHandled, seen.EventsHandled);
    }

    [Fact]
    public void The_same_run_gives_the_same_file() => Assert.Equal(Traced().Text, Traced().Text);

    [Fact]
    public void The_lines_tell_of_every_node_every_packet_and_the_end()
    {
        var (network, text) = Traced();
        var lines = Lines(text);
        Assert.Equal("trace", lines[0].GetProperty("hearsay").GetString());
        Assert.Equal(1, lines[0].GetProperty("version").GetInt32());
        Assert.Equal(
            Enumerable.Range(0, network.Nodes.Count),
            lines.Where(static line => Has(line, "node")).Select(static line => line.GetProperty("node").GetInt32())
                .Distinct().Order());
        Assert.Equal(network.Counters.Sent, lines.Count(static line => Has(line, "from")));
        var end = lines[^1];
        Assert.Equal($"{network.TraceHash:x16}", end.GetProperty("hash").GetString());
        Assert.Equal(network.EventsHandled, end.GetProperty("events").GetInt64());
        Assert.False(end.GetProperty("full").GetBoolean());
    }

    [Fact]
    public void Moments_do_not_go_back_except_those_of_packets()
    {
        var times = Lines(Traced().Text).Skip(1).Where(static line => !Has(line, "from"))
            .Select(static line => line.GetProperty("t").GetDouble()).ToList();
        Assert.Equal(times.Order(), times);
        Assert.Equal(Span.TotalMilliseconds, times[^1]);
    }

    [Fact]
    public void A_packet_that_is_lost_does_not_arrive()
    {
        var lines = Lines(Traced(new VirtualNetworkOptions { Seed = 2, Loss = 1 }).Text);
        Assert.Contains(lines, static line => Has(line, "from"));
        Assert.DoesNotContain(lines, static line => Has(line, "arrives"));
        Assert.All(
            Lines(Traced().Text).Where(static line => Has(line, "arrives")),
            static line => Assert.True(line.GetProperty("arrives").GetDouble() > line.GetProperty("t").GetDouble()));
    }

    [Fact]
    public void Numbers_of_ones_own_come_first_and_what_is_no_number_is_null()
    {
        var options = new NetworkTraceOptions
        {
            Values = [new TraceValue("mine", 0, 9, static node => node.Index == 0 ? double.NaN : node.Index)],
            Metrics = [new TraceMetric("nodes", "", static network => network.Nodes.Count)],
            FrameNames = new Dictionary<(byte Protocol, byte Type), string> { [(128, 1)] = "hello" },
            IsMarked = static node => node.Index == 1,
        };
        var lines = Lines(Traced(options: options).Text);
        Assert.Equal(
            ["mine", "in-degree", "view size", "mean age"],
            lines[0].GetProperty("values").EnumerateArray()
                .Select(static value => value.GetProperty("label").GetString()));
        Assert.Equal("hello", lines[0].GetProperty("frames").GetProperty("4097").GetString());
        JsonElement Of(int node) => lines.First(
            line => Has(line, "node") && line.GetProperty("node").GetInt32() == node);
        Assert.Equal(JsonValueKind.Null, Of(0).GetProperty("values")[0].ValueKind);
        Assert.Equal(3, Of(3).GetProperty("values")[0].GetDouble());
        Assert.True(Of(1).GetProperty("marked").GetBoolean());
        var metrics = lines.Last(static line => Has(line, "metrics")).GetProperty("metrics");
        Assert.Equal(12, metrics[0].GetDouble());
    }

    [Fact]
    public void A_file_has_no_more_bytes_than_allowed_and_its_last_line_says_so()
    {
        var (_, text) = Traced(options: new NetworkTraceOptions { MaximumBytes = 64 << 10, Every = TimeSpan.Zero });
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 60 << 10, 64 << 10);
        Assert.True(Lines(text)[^1].GetProperty("full").GetBoolean());
    }

    [Fact]
    public void A_broken_rule_stands_at_its_moment_and_too_long_a_message_is_cut_off()
    {
        var network = Network();
        using var file = new MemoryStream();
        using (var trace = new NetworkTrace(network, file))
        {
            network.Run(Span);
            trace.Tell(new Fault(FaultKind.Crash, network.Now, 3));
            trace.Break("sum", new string('x', 5000));
        }

        var lines = Lines(Encoding.UTF8.GetString(file.ToArray()));
        var broken = Assert.Single(lines, static line => Has(line, "broken"));
        Assert.Equal(("sum", 5000.0, 1000),
            (broken.GetProperty("broken").GetString(), broken.GetProperty("t").GetDouble(),
                broken.GetProperty("text").GetString()!.Length));
        var fault = Assert.Single(lines, static line => Has(line, "fault"));
        Assert.Equal("crash@5000:3", fault.GetProperty("fault").GetString());
    }

    [Fact]
    public void A_trace_that_is_over_lets_go_of_the_network()
    {
        var network = Network();
        using var file = new MemoryStream();
        var trace = new NetworkTrace(network, file);
        network.Run(Span);
        trace.Dispose();
        trace.Dispose();
        var length = file.Length;
        network.Run(Span);
        Assert.Equal(length, file.Length);
        Assert.Null(network.Witness);
        Assert.Null(network.Launched);
    }

    [Fact]
    public void A_fault_of_very_many_nodes_is_told_with_as_many_as_a_page_takes()
    {
        using var file = new MemoryStream();
        using (var trace = new NetworkTrace(Network(), file))
        {
            trace.Tell(new Fault(FaultKind.Crash, Instant.Zero, [.. Enumerable.Range(0, 5000)]));
        }

        var fault = Lines(Encoding.UTF8.GetString(file.ToArray()))
            .Single(static line => Has(line, "fault")).GetProperty("fault").GetString()!;
        Assert.InRange(fault.Length, 400, NetworkTraceOptions.LongestText);
        Assert.True(Fault.TryParse(fault, out var read));
        Assert.Equal(Enumerable.Range(0, read.Nodes.Count), read.Nodes);
    }

    [Fact]
    public void What_happens_after_a_day_is_left_out_and_the_last_line_says_so()
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 3 });
        using var file = new MemoryStream();
        using (new NetworkTrace(network, file, new NetworkTraceOptions { Every = TimeSpan.FromHours(1) }))
        {
            network.Add(PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromHours(1) });
            network.Add(PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromHours(1) });
            network.Run(TimeSpan.FromHours(40));
        }

        var lines = Lines(Encoding.UTF8.GetString(file.ToArray()));
        Assert.All(lines.Where(static line => Has(line, "t")), static line =>
            Assert.InRange(line.GetProperty("t").GetDouble(), 0, NetworkTrace.LongestTime.TotalMilliseconds));
        Assert.Contains(lines, static line => Has(line, "t") && line.GetProperty("t").GetDouble() > 80_000_000);
        Assert.True(lines[^1].GetProperty("full").GetBoolean());
    }

    [Fact]
    public void Links_of_ones_own_take_the_place_of_the_views()
    {
        var options = new NetworkTraceOptions
        {
            Links = static node => node.Index == 2
                ? Enumerable.Range(-2000, 4000) : [(node.Index + 1) % 12, node.Index, -1, 99],
        };
        var lines = Lines(Traced(options: options).Text);
        Assert.Equal("links", lines[0].GetProperty("values")[1].GetProperty("label").GetString());
        JsonElement Last(int node) => lines.Last(
            line => Has(line, "node") && line.GetProperty("node").GetInt32() == node);
        Assert.Equal("[[8,0]]", Last(7).GetProperty("links").GetRawText());
        Assert.Equal(11, Last(2).GetProperty("links").GetArrayLength());
        Assert.Equal(2, Last(8).GetProperty("values")[0].GetDouble());
        Assert.Equal(1, Last(8).GetProperty("values")[1].GetDouble());
    }

    [Fact]
    public void Of_nodes_beyond_the_thousandth_nothing_is_told_but_their_number()
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 1 });
        using var file = new MemoryStream();
        using (new NetworkTrace(network, file, new NetworkTraceOptions { Every = TimeSpan.FromHours(1) }))
        {
            for (var i = 0; i < NetworkTrace.MaximumNodes + 3; i++)
            {
                network.Add();
            }

            network.Run(TimeSpan.FromMilliseconds(20));
        }

        var lines = Lines(Encoding.UTF8.GetString(file.ToArray()));
        Assert.Equal(3, lines[^1].GetProperty("nodesLeftOut").GetInt32());
        Assert.All(lines.Where(static line => Has(line, "node")),
            static line => Assert.InRange(line.GetProperty("node").GetInt32(), 0, NetworkTrace.MaximumNodes - 1));
    }

    [Fact]
    public void Options_that_no_page_would_open_are_refused()
    {
        static IReadOnlyList<string> Errors(NetworkTraceOptions options) => options.Errors();
        Assert.Empty(Errors(new NetworkTraceOptions()));
        Assert.Contains("Title", Errors(new NetworkTraceOptions { Title = "" }).Single(), StringComparison.Ordinal);
        Assert.Contains("MaximumBytes", Errors(new() { MaximumBytes = 65 << 20 }).Single(), StringComparison.Ordinal);
        Assert.Contains("Every", Errors(new() { Every = TimeSpan.FromDays(1) }).Single(), StringComparison.Ordinal);
        var value = new TraceValue("x", 0, 1, static _ => 0);
        Assert.Contains("values", Errors(new() { Values = [.. Enumerable.Repeat(value, 10)] }).Single(),
            StringComparison.Ordinal);
        Assert.Contains("80", Errors(new() { Values = [value with { Label = new string('x', 81) }] }).Single(),
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            new NetworkTrace(Network(), Stream.Null, new NetworkTraceOptions { Title = "" }).Dispose());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_case_of_the_fuzzer_is_traced_as_it_runs_and_frames_have_their_kinds_also_when_sealed(bool isSealed)
    {
        var fuzz = FuzzCase.FromSeed(5) with { EndsQuietly = false };
        var cipher = isSealed ? SeededCipher.Create(9) : null;
        var untraced = FuzzRun.Run(fuzz, isSealed ? SeededCipher.Create(9) : null);
        using var file = new MemoryStream();
        var traced = FuzzRun.Run(fuzz, cipher, file);
        Assert.Equal(untraced.TraceHash, traced.TraceHash);
        var lines = Lines(Encoding.UTF8.GetString(file.ToArray()));
        Assert.Equal(fuzz.Plan.Faults.Count, lines.Count(static line => Has(line, "fault")));

        // Requests of peer sampling: protocol 1, type 1.
        Assert.Contains(lines, static line => Has(line, "kind") && line.GetProperty("kind").GetInt32() == 33);
    }

    private static VirtualNetwork Network(VirtualNetworkOptions? options = null)
    {
        var network = new VirtualNetwork(options ?? new VirtualNetworkOptions { Seed = 4, Loss = 0.2 });
        for (var i = 0; i < 12; i++)
        {
            network.Add(PeerSamplingOptions.Recommended.WithViewSize(6));
        }

        return network;
    }

    private static (VirtualNetwork Network, string Text) Traced(
        VirtualNetworkOptions? how = null, NetworkTraceOptions? options = null)
    {
        // From the very beginning, so that every packet is told.
        var network = new VirtualNetwork(how ?? new VirtualNetworkOptions { Seed = 4, Loss = 0.2 });
        using var file = new MemoryStream();
        using (new NetworkTrace(network, file, options))
        {
            for (var i = 0; i < 12; i++)
            {
                network.Add(PeerSamplingOptions.Recommended.WithViewSize(6));
            }

            network.Run(Span);
        }

        return (network, Encoding.UTF8.GetString(file.ToArray()));
    }

    private static List<JsonElement> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)];

    private static bool Has(JsonElement line, string name) => line.TryGetProperty(name, out _);
}
