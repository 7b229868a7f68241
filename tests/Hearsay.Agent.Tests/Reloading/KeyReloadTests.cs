using System.Diagnostics;

namespace Hearsay.Agent.Tests.Reloading;

/// <summary>Keyrings and tokens that change on disk while an agent runs.</summary>
public sealed class KeyReloadTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hearsay-keys-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_keyring_with_a_new_key_that_is_copied_to_one_node_is_taken_there_and_spreads_to_the_others()
    {
        await RunAsync($"keys operator --out {At("operator")}");
        await RunAsync($"keys generate --out {At("first")} --operator {At("operator")}");
        File.Copy(At("first"), At("second"));
        using var first = Start("first");
        await first.StartedAsync();
        using var second = Start("second", "--seed", first.Address);
        await second.UntilAsync(() => second.Peers.Length == 1, "a peer");

        // What 'rotate' does is done to a copy, and nobody is told.
        File.Copy(At("first"), At("copy"));
        var rotated = await Cli.RunAsync(
            $"keys rotate --keyring {At("copy")} --operator {At("operator")} --keep 1d --seed 127.0.0.1:1 "
            + "--patience 100ms");
        Assert.NotEqual(0, rotated.ExitCode);
        await Replace("copy", "second");
        await second.UntilAsync(
            () => second.Errors.Contains("done, --keyring: key (2 keys, sealing with ", StringComparison.Ordinal),
            "the new key is taken");
        await first.UntilAsync(
            () => first.Errors.Contains("The operator has changed the keyring: 2 keys", StringComparison.Ordinal),
            "the other hears of it");
        await first.UntilAsync(() => TextOf("first") == TextOf("second"), "and stores it");
        var info = await Cli.RunAsync($"info --agent {second.Url}");
        Assert.Contains("security      key (2 keys, sealing with key ", info.Output, StringComparison.Ordinal);

        // What a node has written itself is no news.
        await HangUpAsync(first);
        await first.UntilAsync(() => first.Errors.Contains("reload: done.", StringComparison.Ordinal), "it is asked");
        Assert.DoesNotContain("--keyring", first.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_keyring_one_that_others_can_read_and_one_that_is_none_change_nothing_and_are_told()
    {
        await RunAsync($"keys generate --out {At("ring")}");
        await RunAsync($"keys generate --out {At("other")}");
        using var agent = Start("ring");
        await agent.StartedAsync();
        await Replace("other", "ring");
        await agent.UntilAsync(
            () => agent.Errors.Contains(
                "reload: --keyring: nothing is changed: it is not one that the operator", StringComparison.Ordinal),
            "another keyring is told");

        await File.WriteAllTextAsync(At("none"), "nothing", Cancellation);
        await Replace("none", "ring");
        await agent.UntilAsync(
            () => agent.Errors.Contains("is no keyring: its first line", StringComparison.Ordinal), "none is told");

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At("ring"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
            await HangUpAsync(agent);
            await agent.UntilAsync(
                () => agent.Errors.Contains("chmod 600", StringComparison.Ordinal), "the mode is told");
        }

        Assert.Contains("security      key (1 key, ", (await Cli.RunAsync($"info --agent {agent.Url}")).Output);
    }

    [Fact]
    public async Task A_token_that_the_operator_makes_anew_takes_the_place_of_the_one_before()
    {
        await RunAsync($"keys admission --out {At("admission")}");
        await RunAsync($"keys identity --out {At("web-7")}");
        await RunAsync($"keys identity --out {At("web-8")}");
        await AdmitAsync("web-7", "token", "2h");
        using var agent = new AgentProcess(
            "--bind", "127.0.0.1:0", "--identity", At("web-7"), "--token", At("token"), "--admission",
            At("admission.pub"));
        await agent.StartedAsync();
        var before = (await Cli.RunAsync($"info --agent {agent.Url}")).Output;

        await AdmitAsync("web-8", "of-another", "3h");
        await Replace("of-another", "token");
        await HangUpAsync(agent);
        await agent.UntilAsync(() => agent.Errors.Contains("reload: done.", StringComparison.Ordinal), "it is asked");
        Assert.DoesNotContain("--token", agent.Errors, StringComparison.Ordinal);

        await AdmitAsync("web-7", "later", "20d");
        await Replace("later", "token");
        await agent.UntilAsync(
            () => agent.Errors.Contains("reload: done, --token: identity ('web-7' until ", StringComparison.Ordinal),
            "the later token is taken");
        var after = (await Cli.RunAsync($"info --agent {agent.Url}")).Output;
        Assert.NotEqual(Line(before), Line(after));
        Assert.Contains("security      identity ('web-7' until ", after, StringComparison.Ordinal);
    }

    private static string Line(string output) => output.Split('\n').Single(static line => line.StartsWith("security"));

    private static async Task RunAsync(string command)
    {
        var (code, _, error) = await Cli.RunAsync(command);
        Assert.True(code == 0, error);
    }

    private static Task HangUpAsync(AgentProcess agent) =>
        Process.Start("kill", ["-HUP", $"{agent.ProcessId}"]).WaitForExitAsync(Cancellation);

    private Task AdmitAsync(string node, string token, string valid) => RunAsync(
        $"keys admit {At(node)}.pub --admission {At("admission")} --name {node} --valid {valid} --out {At(token)}");

    private string At(string name) => Path.Combine(_directory.FullName, name);

    private string TextOf(string name) => File.ReadAllText(At(name));

    /// <summary>As operators do: another file takes its place, so nobody reads half of it.</summary>
    private async Task Replace(string from, string name)
    {
        var text = await File.ReadAllTextAsync(At(from), Cancellation);
        File.Delete(At(name + ".new"));
        await File.WriteAllTextAsync(At(name + ".new"), text, Cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At(name + ".new"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(At(name + ".new"), At(name), overwrite: true);
    }

    private AgentProcess Start(string ring, params string[] more) => new(
        ["--bind", "127.0.0.1:0", "--keyring", At(ring), "--cycle-time", "200ms", "--verbose", .. more]);
}
