using System.Runtime.Versioning;
using Hearsay.Security;

namespace Hearsay.Agent.Tests.Keys;

/// <summary>Credentials as systemd 254 and later hand them to a service with a user of its own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CredentialFileTests : IDisposable
{
    private const UnixFileMode Shown = UnixFileMode.UserRead | UnixFileMode.GroupRead;

    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hearsay-credentials-");

    private string Credentials => Path.Combine(_folder.FullName, "unit");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_agent_takes_a_keyring_and_a_token_that_the_group_may_read_from_there_and_from_nowhere_else()
    {
        Directory.CreateDirectory(Credentials, Closed);
        var (keyring, token) = (Path.Combine(Credentials, "keyring"), Path.Combine(Credentials, "token"));
        SecretFile.Create(keyring, Keyring.Make().ToText());
        SecretFile.Create(token, new string('t', 32));
        File.SetUnixFileMode(keyring, Shown);
        File.SetUnixFileMode(token, Shown);
        string[] arguments = ["--bind", "127.0.0.1:0", "--keyring", keyring, "--http-token-file", token];

        using var agent = new AgentProcess(
            new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = Credentials }, arguments);
        await agent.StartedAsync();

        using var other = new AgentProcess(
            new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = Credentials + "-other" }, arguments);
        Assert.NotEqual(0, await other.ExitAsync());
        await other.UntilAsync(() => other.Errors.Contains("chmod 600"), "it says why");
    }

    [Theory]
    [InlineData("unit/keyring", Shown, Closed, true)]
    [InlineData("unit/keyring", Shown | UnixFileMode.GroupWrite, Closed, false)]
    [InlineData("unit/keyring", Shown | UnixFileMode.OtherRead, Closed, false)]
    [InlineData("unit/keyring", Shown, Closed | UnixFileMode.OtherExecute, false)]
    [InlineData("unit/keyring", Shown, Closed | UnixFileMode.GroupWrite, false)]
    [InlineData("unit/../keyring", Shown, Closed, false)]
    [InlineData("unit-other/keyring", Shown, Closed, false)]
    [InlineData("unit-other/keyring", UnixFileMode.UserRead, Closed, true)]
    public void What_counts_is_the_place_and_who_else_can_enter_it(
        string file, UnixFileMode mode, UnixFileMode directory, bool isPrivate)
    {
        Directory.CreateDirectory(Credentials);
        File.SetUnixFileMode(Credentials, directory);
        Assert.Equal(isPrivate, SecretFile.IsPrivate(Path.Combine(_folder.FullName, file), mode, Credentials));
        Assert.Equal(
            mode == UnixFileMode.UserRead,
            SecretFile.IsPrivate(Path.Combine(_folder.FullName, file), mode, credentials: null));
    }
}
