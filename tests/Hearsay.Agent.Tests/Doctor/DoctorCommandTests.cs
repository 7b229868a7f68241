using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Hearsay.Agent.Tests.Doctor;

public sealed class DoctorCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_set_up_that_works_has_nothing_wrong()
    {
        await using var seed = await SeedAsync("well");
        var data = Directory.CreateTempSubdirectory("hearsay-doctor-");
        var (code, output, _) = await Cli.RunAsync(
            $"doctor --bind 127.0.0.1:0 --cluster well --seed {seed.LocalAddress} --data {data.FullName}");

        Assert.True(code == 0, output);
        Assert.Contains("answers over UDP and TCP", output);
        Assert.Contains("can be written, and no other node uses it", output);
        Assert.EndsWith("Nothing is wrong.\n", output, StringComparison.Ordinal);
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_seed_of_another_cluster_is_told_with_what_to_do()
    {
        await using var seed = await SeedAsync("theirs");
        await ExpectAsync(
            $"--cluster ours --seed {seed.LocalAddress}", "belongs to another cluster than 'ours'", "--cluster");
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told_as_closed()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var seed = socket.LocalEndPoint;
        socket.Close();
        await ExpectAsync($"--seed {seed}", "is closed: nobody listens there", "Start the node there");
    }

    [Fact]
    public async Task A_port_that_is_open_for_TCP_alone_is_told_apart()
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        await ExpectAsync($"--seed {tcp.LocalEndpoint}", "is closed, and TCP is open", "beside TCP");
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(tcp.LocalEndpoint);
        await ExpectAsync($"--seed {tcp.LocalEndpoint}", "UDP is dropped on the way", "firewalls");
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_a_problem() =>
        await ExpectAsync("--seed nowhere.invalid", "No address is known for nowhere.invalid", "getent hosts");

    [Fact]
    public async Task A_port_that_is_taken_is_a_problem_unless_the_agent_itself_has_it()
    {
        using var agent = new AgentProcess("--bind", "127.0.0.1:0");
        await agent.StartedAsync();
        await ExpectAsync(
            $"--bind {agent.Address} --agent http://127.0.0.1:1", "the port is taken", "or take another port");

        var (code, output, _) = await Cli.RunAsync($"doctor --bind {agent.Address} --agent {agent.Url}");
        Assert.True(code == 0, output);
        Assert.Contains("is that of the agent that serves", output);
    }

    [Theory]
    [InlineData("--bind 192.0.2.1:7946", "does not have that address", "ip address")]
    [InlineData(
        "--bind 127.0.0.1:0 --seed 192.0.2.9:7946 --advertise 127.0.0.1:7946", "only they themselves", "Advertise")]
    [InlineData("--view-size 5", "--view-size: ViewSize must be even", "agent --help")]
    [InlineData("--http 0.0.0.0:80", "needs --http-token-file", "--http none")]
    [InlineData("--data /dev/null/x", "cannot be made", "Make it")]
    public async Task What_is_wrong_on_this_host_is_told_with_what_to_do(string options, string text, string advice) =>
        await ExpectAsync(options, text, advice, bind: false);

    [Fact]
    public async Task What_may_be_meant_is_a_warning_and_no_failure()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        var data = Directory.CreateTempSubdirectory("hearsay-doctor-");
#pragma warning disable CA1416 // Not on Windows, see above.
        data.UnixFileMode |= UnixFileMode.OtherWrite;
#pragma warning restore CA1416
        var (code, output, _) = await Cli.RunAsync(
            $"doctor --bind 127.0.0.1:0 --advertise 192.0.2.7 --data {data.FullName}");
        Assert.True(code == 0, output);
        Assert.Contains("which no interface of this host has", output);
        Assert.Contains("Others than its owner may write", output);
        Assert.Contains("There are none", output);
        Assert.EndsWith("0 problems, 3 warnings.\n", output, StringComparison.Ordinal);
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Programs_read_one_array_of_JSON()
    {
        var (code, output, _) = await Cli.RunAsync("doctor --bind 127.0.0.1:0 --view-size 5 --json");
        Assert.Equal(1, code);
        var finding = JsonDocument.Parse(output).RootElement.EnumerateArray().Last();
        Assert.Equal("problem", finding.GetProperty("level").GetString());
        Assert.Contains("ViewSize", finding.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_wrong_call_ends_with_2()
    {
        var (code, _, error) = await Cli.RunAsync("doctor --agent nowhere");
        Assert.Equal(2, code);
        Assert.Contains("--agent must be a URL", error);
    }

    private static Task<GossipNode> SeedAsync(string cluster) => GossipNode.StartAsync(
        new GossipNodeOptions
        {
            Bind = "127.0.0.1:0", Cluster = cluster, Broadcast = null, Aggregation = null, RandomSeed = LiveSeed.Next(),
        },
        Cancellation);

    private static async Task ExpectAsync(string options, string text, string advice, bool bind = true)
    {
        var where = bind && !options.Contains("--bind", StringComparison.Ordinal) ? "--bind 127.0.0.1:0 " : "";
        var (code, output, error) = await Cli.RunAsync($"doctor {where}{options}");
        Assert.True(code == 1, $"{code} {output} {error}");
        var lines = output.Split('\n').ToList();
        var at = lines.FindIndex(line => line.StartsWith("problem", StringComparison.Ordinal) && line.Contains(text));
        Assert.True(at >= 0, output);
        Assert.Contains("-> ", lines[at + 1]);
        Assert.Contains(advice, lines[at + 1]);
    }
}
