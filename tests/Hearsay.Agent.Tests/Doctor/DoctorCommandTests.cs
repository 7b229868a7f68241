using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hearsay.Agent.Tests.Http;

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

    [Fact]
    public async Task An_agent_that_runs_with_these_options_is_found_by_them_and_nothing_is_wrong()
    {
        await using var seed = await SeedAsync("own");
        var data = Directory.CreateTempSubdirectory("hearsay-doctor-");
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var http = $"{free.LocalEndpoint}";
        free.Stop();
        string[] options =
        [
            "--bind", "127.0.0.1:0", "--cluster", "own", "--seed", $"{seed.LocalAddress}", "--data", data.FullName,
        ];
        using var agent = new AgentProcess([.. options, "--http", http]);
        await agent.StartedAsync();
        var file = Path.Combine(data.FullName, "http.url");
        await agent.UntilAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the file");
        var line = string.Join(' ', options).Replace("127.0.0.1:0", agent.Address, StringComparison.Ordinal);

        // By the file in its directory, and by the option.
        var (code, output, _) = await Cli.RunAsync($"doctor {line}");
        Assert.True(code == 0, output);
        Assert.EndsWith("Nothing is wrong.\n", output, StringComparison.Ordinal);
        File.Delete(file);
        (code, output, _) = await Cli.RunAsync($"doctor {line} --http {http}");
        Assert.True(code == 0, output);
        Assert.Contains($"{http} is that of the agent, which runs.", output);
        Assert.Contains($"'{data.FullName}' is that of the agent that serves {agent.Url}", output);
        Assert.EndsWith("Nothing is wrong.\n", output, StringComparison.Ordinal);
        await agent.KillAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task An_agent_with_a_token_says_who_it_is_to_the_doctor_that_has_the_same_options()
    {
        using var token = new Http.TokenFile(
            "correct-horse-battery", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var data = Directory.CreateTempSubdirectory("hearsay-doctor-");
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--data", data.FullName, "--http-token-file", token.Path);
        await agent.StartedAsync();
        var file = Path.Combine(data.FullName, "http.url");
        await agent.UntilAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the file");
        var (code, output, _) = await Cli.RunAsync(
            $"doctor --bind {agent.Address} --data {data.FullName} --http-token-file {token.Path}");
        Assert.True(code == 0, output);
        Assert.Contains($"is that of the agent that serves {agent.Url}", output);

        (code, output, _) = await Cli.RunAsync($"doctor --bind {agent.Address} --agent {agent.Url}");
        Assert.True(code == 1, output);
        Assert.Contains("name the file of its token with --agent-token-file", output);
        await agent.KillAsync();
        data.Delete(recursive: true);
    }

    /// <summary>A guest of the same identity leaves in the name of the agent, and others would forget it.</summary>
    [Fact]
    public async Task In_mode_identity_the_doctor_visits_no_seed_in_the_name_of_an_agent_that_runs()
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-doctor-");
        string In(string name) => Path.Combine(folder.FullName, name);
        string OptionsOf(string name) =>
            $"--identity {In(name)} --token {In(name)}.token --admission {In("admission")}.pub";
        await KeysAsync($"admission --out {In("admission")}");
        foreach (var name in (string[])["seed", "own"])
        {
            await KeysAsync($"identity --out {In(name)}");
            await KeysAsync($"admit {In(name)}.pub --admission {In("admission")} --name {name} --out {In(name)}.token");
        }

        string[] quick = ["--bind", "127.0.0.1:0", "--cycle-time", "200ms"];
        using var seed = new AgentProcess([.. quick, .. OptionsOf("seed").Split(' ')]);
        await seed.StartedAsync();
        using var agent = new AgentProcess(
            [.. quick, .. OptionsOf("own").Split(' '), "--seed", seed.Address, "--data", In("data")]);
        await agent.StartedAsync();
        await seed.UntilAsync(() => seed.Lines.Contains("peers 1"), "a peer");
        var file = In(Path.Combine("data", "http.url"));
        await agent.UntilAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the file");
        var line = $"{OptionsOf("own")} --seed {seed.Address} --data {In("data")} --bind {agent.Address}";

        var (code, output, _) = await Cli.RunAsync($"doctor {line}");
        Assert.True(code == 0, output);
        Assert.Contains($"{seed.Address} has its TCP port open. It is not asked more", output);
        Assert.EndsWith("Nothing is wrong.\n", output, StringComparison.Ordinal);

        // Nor where the agent does not say that it runs.
        (_, output, _) = await Cli.RunAsync($"doctor {line} --agent http://127.0.0.1:1");
        Assert.Contains("It is not asked more", output);
        Assert.Equal("0", await DeparturesAsync(seed));
        await agent.KillAsync();

        // Where the agent does not run, the doctor is a guest in its name, and says that it leaves.
        (_, output, _) = await Cli.RunAsync($"doctor {line}");
        Assert.Contains($"{seed.Address} answers over UDP and TCP", output);
        for (var tries = 0; tries < 900 && await DeparturesAsync(seed) == "0"; tries++)
        {
            await Task.Delay(100, Cancellation);
        }

        Assert.Equal("1", await DeparturesAsync(seed));
        await seed.KillAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>How many peers have told an agent that they leave.</summary>
    private static async Task<string> DeparturesAsync(AgentProcess agent)
    {
        const string Name = "hearsay_departures_total{hearsay_cluster=\"default\"} ";
        var page = (await Curl.RunAsync($"curl {agent.Url}/metrics")).Body;
        return page.Split('\n').Single(static line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..];
    }

    private static async Task KeysAsync(string command) =>
        Assert.Equal(0, (await Cli.RunAsync($"keys {command}")).ExitCode);

    [Fact]
    public async Task An_address_that_a_killed_agent_has_left_is_a_warning()
    {
        var data = Directory.CreateTempSubdirectory("hearsay-doctor-");
        using var other = new AgentProcess("--bind", "127.0.0.1:0");
        await other.StartedAsync();
        var file = Path.Combine(data.FullName, "http.url");
        foreach (var (url, who) in new[] { ("http://127.0.0.1:1", "nobody"), (other.Url, "another agent") })
        {
            await File.WriteAllTextAsync(file, $"{url}\n", Cancellation);
            var (code, output, _) = await Cli.RunAsync($"doctor --bind 127.0.0.1:0 --data {data.FullName}");
            Assert.True(code == 0, output);
            Assert.Contains($"and {who} answers there: an agent that was killed has left the file", output);
        }

        data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_port_of_HTTP_that_something_else_has_is_a_problem()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await ExpectAsync($"--http {taken.LocalEndpoint}", "the port is taken.", "name another address with --http");
        using var other = new AgentProcess("--bind", "127.0.0.1:0");
        await other.StartedAsync();
        await ExpectAsync(
            $"--http {new Uri(other.Url).Authority}", $"the port is taken. The agent {other.Id} serves there.",
            "name another address with --http");
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
