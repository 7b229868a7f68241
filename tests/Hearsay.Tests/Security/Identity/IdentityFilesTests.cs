using Hearsay.Protocols.Security.Identity;
using Hearsay.Security;
using Hearsay.Security.Identity;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Security.Identity;

/// <summary>The files of mode identity: what they hold, who may read them, and what is refused.</summary>
public sealed class IdentityFilesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hearsay-identity-");
    private readonly AdmissionKey _admission = AdmissionKey.Make();
    private readonly NodeKeys _keys = IdentityFile.Make();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void An_identity_and_an_admission_key_are_what_they_were_and_tell_no_secret_as_text()
    {
        Assert.True(IdentityFile.TryParse(IdentityFile.ToText(_keys), out var read));
        Assert.Equal(_keys.Id, read!.Id);
        Assert.Equal(_keys.Secret, read.Secret);
        Assert.Equal(_keys.SigningSecret, read.SigningSecret);
        Assert.True(AdmissionKey.TryParse(_admission.ToText(), out var key));
        Assert.Equal(_admission.Public, key!.Public);
        var secret = Convert.ToBase64String(_keys.Secret)[..20];
        Assert.DoesNotContain(secret, _keys.ToString() + IdentityFile.PublicText(_keys), StringComparison.Ordinal);
        var other = _admission.ToText().Split(' ')[^1][..20];
        Assert.DoesNotContain(other, _admission + _admission.PublicText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hearsay identity 1")]
    [InlineData("hearsay identity 1\nsecret AAAA")]
    [InlineData("hearsay identity 2\nsecret AAAA")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(IdentityFile.TryParse(text, out _));
        Assert.False(AdmissionKey.TryParse(text, out _));
        Assert.False(KeyText.TryRead(KeyText.Token, text, out _));
    }

    [Fact]
    public void Text_of_a_key_bears_anything()
    {
        var text = KeyText.Write(KeyText.Token, new byte[400]);
        Assert.True(KeyText.TryRead(KeyText.Token, text, 400, out _));
        Assert.False(KeyText.TryRead(KeyText.Token, text, 399, out _));
        Assert.False(KeyText.TryRead(KeyText.Token, text + "?", out _));
        Assert.False(KeyText.TryRead(KeyText.Token, text[..^1] + "=\u2028", out _));
        Assert.False(KeyText.TryRead(KeyText.Token, new string('A', 100_000), out _));
        Assert.False(KeyText.TryRead(KeyText.Node, text, out _));
    }

    [Fact]
    public void The_three_belong_together_and_say_which_does_not()
    {
        var (identity, token, admission) = Files(_admission, _keys);
        var security = ClusterSecurity.FromIdentity(identity, token, admission);
        Assert.Equal("identity", security.Mode);
        Assert.StartsWith("identity ('web-7' until ", security.ToString(), StringComparison.Ordinal);
        Assert.Equal(_keys.Id, security.NodeId);
        Assert.Null(security.ErrorFor("default", DateTimeOffset.UtcNow));
        Assert.Contains("another cluster", security.ErrorFor("other", DateTimeOffset.UtcNow), StringComparison.Ordinal);
        Assert.Contains(
            "ended on", security.ErrorFor("default", DateTimeOffset.UtcNow.AddDays(3)), StringComparison.Ordinal);

        var other = IdentityFile.Make();
        SecretFile.Replace(identity, IdentityFile.ToText(other));
        var error = Assert.Throws<IOException>(() => ClusterSecurity.FromIdentity(identity, token, admission));
        Assert.Contains($"'{identity}' is node {other.Id}", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => ClusterSecurity.FromIdentity(token, token, admission));
        Assert.Throws<IOException>(() => ClusterSecurity.FromIdentity(identity, identity, admission));
        Assert.Throws<IOException>(() => ClusterSecurity.FromIdentity(identity, token, token));
        Assert.ThrowsAny<IOException>(() => ClusterSecurity.FromIdentity(identity, token + "missing", admission));
        Assert.Throws<IOException>(() => ClusterSecurity.FromIdentity(identity, string.Empty, admission));
    }

    [Fact]
    public void A_token_of_another_admission_key_is_refused_when_the_node_starts()
    {
        var (identity, token, _) = Files(_admission, _keys);
        var security = ClusterSecurity.FromIdentity(identity, token, AdmissionKey.Make().PublicText);
        var options = new GossipNodeOptions { Bind = "127.0.0.1:0", Security = security };
        Assert.Contains(
            GossipNodeValidation.Errors(options),
            message => message.Contains("not signed by the admission key", StringComparison.Ordinal));
    }

    [Fact]
    public void An_identity_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var (identity, token, admission) = Files(_admission, _keys);
        File.SetUnixFileMode(identity, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var error = Assert.Throws<IOException>(() => ClusterSecurity.FromIdentity(identity, token, admission));
        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revocations_are_remembered_and_only_what_the_operator_signed_is_taken_from_the_file()
    {
        var file = new RevocationFile(_directory.FullName);
        Assert.Empty(file.Read());
        var revocations = new Revocations();
        var now = DateTimeOffset.UtcNow;
        revocations.TryAdd(_admission.Revoke(new NodeId(1, 2), "default", now), now.ToUnixTimeSeconds());
        revocations.TryAdd(AdmissionKey.Make().Revoke(new NodeId(3, 4), "default", now), now.ToUnixTimeSeconds());
        file.Save(revocations);
        await Eventually.TrueAsync(
            () => File.Exists(Path.Combine(_directory.FullName, "revocations")), "the file is written");
        await File.AppendAllTextAsync(
            Path.Combine(_directory.FullName, "revocations"), "hearsay-revocation-junk\nanything\n",
            TestContext.Current.CancellationToken);
        Assert.Equal(2, new RevocationFile(_directory.FullName).Read().Count());

        var (identity, token, admission) = Files(_admission, _keys);
        var security = ClusterSecurity.FromIdentity(identity, token, admission)
            .IdentityForNode("default", TimeProvider.System, _directory.FullName)!;
        Assert.True(security.Admission.Revocations.IsRevoked(new NodeId(1, 2), 1));
        Assert.False(security.Admission.Revocations.IsRevoked(new NodeId(3, 4), 1));
    }

    [Fact]
    public async Task An_extended_token_replaces_the_file()
    {
        var (identity, token, admission) = Files(_admission, _keys);
        var before = await File.ReadAllTextAsync(token, TestContext.Current.CancellationToken);
        var security = ClusterSecurity.FromIdentity(identity, token, admission)
            .IdentityForNode("default", TimeProvider.System, null)!;
        var renewer = IdentityFile.Make();
        var its = _admission.Admit(
            [.. renewer.Public, .. renewer.SigningPublic], "renewer", "default", DateTimeOffset.UtcNow,
            TimeSpan.FromDays(30), isRenewer: true);
        Assert.True(AdmissionToken.TryRead(security.Token, out var mine));
        var extended = AdmissionToken.Extend(new SodiumIdentity(), mine, mine.End + 3600, renewer, its);
        Assert.True(security.TryRenew(extended, DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        await Eventually.TrueAsync(() => File.ReadAllText(token) != before, "the file is replaced");
        var again = ClusterSecurity.FromIdentity(identity, token, admission);
        Assert.Null(again.ErrorFor("default", DateTimeOffset.UtcNow));
    }

    private (string Identity, string Token, string Admission) Files(AdmissionKey admission, NodeKeys keys)
    {
        var path = Path.Combine(_directory.FullName, Guid.NewGuid().ToString("n"));
        var token = admission.Admit(
            [.. keys.Public, .. keys.SigningPublic], "web-7", "default", DateTimeOffset.UtcNow, TimeSpan.FromHours(24),
            isRenewer: false);
        SecretFile.Create(path, IdentityFile.ToText(keys));
        SecretFile.Create(path + ".token", KeyText.Write(KeyText.Token, token) + "\n");
        File.WriteAllText(path + ".pub", admission.PublicText + "\n");
        return (path, path + ".token", path + ".pub");
    }
}
