using System.Buffers.Text;

namespace Hearsay.Agent.Tests.Keys;

public sealed class KeysCommandTests
{
    [Fact]
    public async Task Agents_with_a_generated_keyring_find_each_other_and_one_without_finds_nobody()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-keys-");
        var ring = Path.Combine(directory.FullName, "keyring");
        var (code, output, _) = await Cli.RunAsync($"keys generate --out {ring}");
        Assert.Equal(0, code);
        Assert.StartsWith($"{ring}: 1 key, sealing with key ", output, StringComparison.Ordinal);
        Assert.Equal(1, (await Cli.RunAsync($"keys generate --out {ring}")).ExitCode);
        var shown = await Cli.RunAsync($"keys show {ring}");
        var secret = (await File.ReadAllTextAsync(ring, TestContext.Current.CancellationToken)).Split(' ')[^1].Trim();
        Assert.Contains("of version 1", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, output + shown.Output, StringComparison.Ordinal);

        using var first = new AgentProcess("--bind", "127.0.0.1:0", "--keyring", ring, "--cycle-time", "200ms");
        await first.StartedAsync();
        using var second = new AgentProcess(
            "--bind", "127.0.0.1:0", "--keyring", ring, "--seed", first.Address, "--cycle-time", "200ms", "--verbose");
        using var third = new AgentProcess(
            "--bind", "127.0.0.1:0", "--seed", first.Address, "--cycle-time", "200ms", "--verbose");
        await second.UntilAsync(() => second.Peers.Length == 1, "a peer");
        await third.UntilAsync(
            () => third.Errors.Contains("No seed has answered", StringComparison.Ordinal), "no peer");
        Assert.Empty(third.Peers);
        var info = await Cli.RunAsync($"info --agent {first.Url}");
        Assert.Contains("security      key (1 key, sealing with key ", info.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, info.Output + first.Errors + second.Errors, StringComparison.Ordinal);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Beyond_this_machine_an_agent_needs_a_keyring_or_the_word_insecure()
    {
        using var open = new AgentProcess("--bind", "0.0.0.0:0", "--http", "none");
        Assert.Equal(2, await open.ExitAsync());
        Assert.Contains(
            "--bind 0.0.0.0:0: others than this machine can reach that", open.Errors, StringComparison.Ordinal);
        Assert.Contains("--keyring", open.Errors, StringComparison.Ordinal);
        Assert.Contains("--insecure", open.Errors, StringComparison.Ordinal);

        var environment = new Dictionary<string, string> { ["HEARSAY_BIND"] = "0.0.0.0:0" };
        using var fromEnvironment = new AgentProcess(environment, "--http", "none");
        Assert.Equal(2, await fromEnvironment.ExitAsync());
        Assert.Contains("HEARSAY_BIND 0.0.0.0:0", fromEnvironment.Errors, StringComparison.Ordinal);

        using var insecure = new AgentProcess("--bind", "0.0.0.0:0", "--http", "none", "--insecure");
        await insecure.StartedAsync();
        Assert.Contains("effective security: open", insecure.Errors, StringComparison.Ordinal);
        environment["HEARSAY_INSECURE"] = "true";
        using var told = new AgentProcess(environment, "--http", "none");
        await told.StartedAsync();
    }

    [Fact]
    public async Task A_keyring_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var directory = Directory.CreateTempSubdirectory("hearsay-keys-");
        var ring = Path.Combine(directory.FullName, "keyring");
        await Cli.RunAsync($"keys generate --out {ring}");
        File.SetUnixFileMode(ring, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        using var agent = new AgentProcess("--bind", "127.0.0.1:0", "--http", "none", "--keyring", ring);
        Assert.Equal(2, await agent.ExitAsync());
        Assert.Contains("--keyring: Keyring cannot be used: ", agent.Errors, StringComparison.Ordinal);
        Assert.Contains("chmod 600", agent.Errors, StringComparison.Ordinal);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Who_does_not_show_to_have_the_secret_keys_is_not_admitted()
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-keys-");
        string At(string name) => Path.Combine(directory.FullName, name);
        await Cli.RunAsync($"keys admission --out {At("admission")}");
        await Cli.RunAsync($"keys identity --out {At("node")}");
        Task<(int ExitCode, string Output, string Error)> AdmitAsync(string keys) =>
            Cli.RunAsync($"keys admit {keys} --admission {At("admission")} --name web-7");
        var text = (await File.ReadAllTextAsync(At("node.pub"), TestContext.Current.CancellationToken)).Trim();
        Assert.Equal(0, (await AdmitAsync(text)).ExitCode);

        var without = "hearsay-node-" + Base64Url.EncodeToString(Bytes(text).AsSpan(0, 64));
        var (code, output, error) = await AdmitAsync(without);
        Assert.Equal((1, string.Empty), (code, output));
        Assert.Contains("no proof that their node has the secret ones", error, StringComparison.Ordinal);

        var changed = Bytes(text);
        changed[100] ^= 1;
        (code, output, error) = await AdmitAsync("hearsay-node-" + Base64Url.EncodeToString(changed));
        Assert.Equal((1, string.Empty), (code, output));
        Assert.Contains("The proof in these public keys does not hold", error, StringComparison.Ordinal);

        (code, _, error) = await AdmitAsync("hearsay-node-AAAA");
        Assert.Equal(1, code);
        Assert.Contains("These are no public keys", error, StringComparison.Ordinal);
        directory.Delete(recursive: true);
    }

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text.AsSpan("hearsay-node-".Length));
}
