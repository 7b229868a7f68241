using Hearsay.Security;

namespace Hearsay.Tests.Security;

public sealed class SecretFileTests
{
    [Fact]
    public void A_file_is_made_for_its_owner_alone_and_refused_when_others_can_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "keyring");
        SecretFile.Create(path, Keyring.Make().ToText());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal("key", ClusterSecurity.FromKeyring(path).Mode);

        foreach (var mode in new[] { UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.GroupWrite })
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
            var error = Assert.Throws<IOException>(() => ClusterSecurity.FromKeyring(path));
            Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_a_keyring_and_UTF_16_is_told()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "keyring");
        SecretFile.Create(path, "\uFEFF" + Keyring.Make().ToText());
        Assert.Equal(0xEF, File.ReadAllBytes(path)[0]);
        Assert.Equal("key", ClusterSecurity.FromKeyring(path).Mode);

        File.WriteAllText(path, Keyring.Make().ToText(), System.Text.Encoding.Unicode);
        var error = Assert.Throws<IOException>(() => ClusterSecurity.FromKeyring(path));
        Assert.Contains("UTF-16; save it in UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_exists_is_not_overwritten_and_one_that_does_not_is_named()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "keyring");
        SecretFile.Create(path, "first");
        Assert.Throws<IOException>(() => SecretFile.Create(path, "second"));
        Assert.Equal("first", SecretFile.Read(path, 100));
        Assert.Throws<IOException>(() => SecretFile.Read(path, 4));
        Assert.Contains(
            "missing", Assert.ThrowsAny<IOException>(() => ClusterSecurity.FromKeyring("/missing")).Message,
            StringComparison.Ordinal);
    }
}
