namespace Hearsay.Agent.Tests.Keys;

/// <summary>Keys that an operator replaces while agents run, each with a keyring file of its own.</summary>
public sealed class RotationTests
{
    private static readonly string[] s_agents = ["a", "b", "c"];

    [Fact]
    public async Task A_rotation_reaches_the_files_of_all_agents_and_one_that_was_down_comes_back()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-rotation-");
        try
        {
            string File(string name) => Path.Combine(directory.FullName, name);
            Assert.Equal(0, (await Cli.RunAsync($"keys operator --out {File("op")}")).ExitCode);
            Assert.Equal(0, (await Cli.RunAsync($"keys generate --out {File("a")} --operator {File("op")}")).ExitCode);
            foreach (var copy in new[] { "b", "c", "mine" })
            {
                System.IO.File.Copy(File("a"), File(copy));
            }

            using var first = Agent(File("a"));
            await first.StartedAsync();
            using (var second = Agent(File("b"), first.Address))
            {
                await second.UntilAsync(() => second.Peers.Length == 1, "a peer");
                var (code, output, error) = await Cli.RunAsync(
                    $"keys rotate --keyring {File("mine")} --operator {File("op")} --keep 30d --for 60s "
                    + $"--seed {first.Address}");
                Assert.True(code == 0, output + error);
                Assert.Contains("signed key ", output, StringComparison.Ordinal);
                Assert.Contains("2 nodes with the new keyring, 0 without it", output, StringComparison.Ordinal);
                Assert.Contains("no list of all nodes", output, StringComparison.Ordinal);
                var secrets = Secrets(File("mine"), File("op"));
                Assert.Equal(3, secrets.Length);
                Assert.All(secrets, secret => Assert.DoesNotContain(
                    secret, output + error + first.Errors + second.Errors, StringComparison.Ordinal));
            }

            // The third was down, and has the old keyring.
            using var third = Agent(File("c"), first.Address);
            await third.UntilAsync(() => third.Peers.Length == 1, "a peer");
            await third.UntilAsync(
                () => s_agents.All(name => Text(File(name)) == Text(File("mine"))), "the new keyring");
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File("c")));
            }

            Assert.Equal(5, Directory.GetFiles(directory.FullName).Length);
            var info = await Cli.RunAsync($"info --agent {third.Url}");
            Assert.Contains("security      key (2 keys, sealing with key ", info.Output, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Who_is_not_the_operator_of_a_keyring_cannot_rotate_it()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-rotation-");
        string File(string name) => Path.Combine(directory.FullName, name);
        await Cli.RunAsync($"keys operator --out {File("op")}");
        await Cli.RunAsync($"keys operator --out {File("thief")}");
        await Cli.RunAsync($"keys generate --out {File("signed")} --operator {File("op")}");
        await Cli.RunAsync($"keys generate --out {File("plain")}");
        var before = Text(File("signed"));
        var (code, _, error) = await Cli.RunAsync(
            $"keys rotate --keyring {File("signed")} --operator {File("thief")} --seed 127.0.0.1:9");
        Assert.Equal(1, code);
        Assert.Contains("has another operator than", error, StringComparison.Ordinal);
        (code, _, error) = await Cli.RunAsync(
            $"keys rotate --keyring {File("plain")} --operator {File("op")} --seed 127.0.0.1:9");
        Assert.Equal(1, code);
        Assert.Contains("was made without --operator", error, StringComparison.Ordinal);
        (code, _, error) = await Cli.RunAsync(
            $"keys rotate --keyring {File("signed")} --operator {File("op")} --keep 5m --seed 127.0.0.1:9");
        Assert.Equal(2, code);
        Assert.Contains("--keep must be from 1h to 365d, not '5m'.", error, StringComparison.Ordinal);
        Assert.Equal(2, (await Cli.RunAsync($"keys rotate --operator {File("op")} --seed 127.0.0.1:9")).ExitCode);
        Assert.Equal(before, Text(File("signed")));
        directory.Delete(recursive: true);
    }

    private static AgentProcess Agent(string ring, string? seed = null) => new(
        ["--bind", "127.0.0.1:0", "--keyring", ring, "--cycle-time", "200ms", "--verbose",
            .. seed is null ? Array.Empty<string>() : ["--seed", seed]]);

    private static string Text(string path) => System.IO.File.ReadAllText(path);

    /// <summary>What no output may contain.</summary>
    private static string[] Secrets(params string[] paths) =>
    [
        .. paths.SelectMany(System.IO.File.ReadLines).Select(line => line.Split(' '))
            .Where(words => words[0] is "key" or "secret").Select(words => words[0] == "key" ? words[2] : words[1]),
    ];
}
