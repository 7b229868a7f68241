using Hearsay.Protocols.Security;
using Hearsay.Security;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security;

/// <summary>Which key a node uses for whom, while one replaces another.</summary>
public sealed class NodeSecurityTests
{
    private const ulong Epoch = 1_800_000_000;

    [Fact]
    public void A_new_key_is_not_used_towards_strangers_before_all_had_the_time_to_get_it()
    {
        var (cipher, operatorKey) = (SeededCipher.Create(1), OperatorKey.Make());
        var first = Keyring.Make(operatorKey, Epoch);
        var ring = new NodeKeyring(first, "default", cipher, () => Epoch);
        var security = new NodeSecurity(cipher, ring);
        var start = Instant.Zero + TimeSpan.FromHours(1);
        var old = security.ForStrangers(start);

        var body = new byte[SignedKeyring.MaximumBytes];
        var length = NodeKeyring.Write(first.Rotate(operatorKey, Epoch, TimeSpan.FromDays(1)), body);
        Assert.True(ring.Merge(body.AsSpan(0, length)).HasNews);
        var came = start + TimeSpan.FromHours(1);
        security.Adopt(came);
        Assert.Equal(2, security.Keys.Length);
        Assert.True(security.ForStrangers(came).IsSameAs(old));
        Assert.True(security.ForStrangers(came + (0.99 * NodeSecurity.SettlingTime)).IsSameAs(old));
        Assert.True(security.ForStrangers(came + NodeSecurity.SettlingTime).IsNewerThan(old));

        // What comes under the old key is opened for as long again.
        Assert.False(security.IsRetired(old, came + (0.99 * NodeSecurity.RetiringTime)));
        Assert.True(security.IsRetired(old, came + NodeSecurity.RetiringTime));
    }

    [Fact]
    public void A_key_that_changes_within_a_boot_seals_and_opens_at_once_and_so_does_a_boot_that_changes()
    {
        var (cipher, operatorKey) = (SeededCipher.Create(2), OperatorKey.Make());
        var first = Keyring.Make(operatorKey, Epoch);
        var body = new byte[SignedKeyring.MaximumBytes];
        var length = NodeKeyring.Write(first.Rotate(operatorKey, Epoch, TimeSpan.FromDays(1)), body);
        NodeKeyring[] rings = [new(first, "default", cipher, () => Epoch), new(first, "default", cipher, () => Epoch)];
        var (a, b) = (new RecordEnd(new(cipher, rings[0]), 1), new RecordEnd(new(cipher, rings[1]), 2));
        RecordEnd.Meet(a, b);
        var before = a.Seal(b, "under the old key");
        Assert.Equal("under the old key", b.Open(a, before));

        foreach (var (ring, end) in rings.Zip([a, b]))
        {
            Assert.True(ring.Merge(body.AsSpan(0, length)).HasNews);
            end.Envelope.Security.Adopt(end.Now);
        }

        Assert.Equal("also", a.Open(b, b.Seal(a, "also")));
        a.Envelope.Security.SenderIsUpToDate!();
        var after = a.Seal(b, "under the new key");
        Assert.NotEqual(RecordFormat.HintOf(before), RecordFormat.HintOf(after));
        Assert.Equal(RecordFormat.BootOf(before), RecordFormat.BootOf(after));
        Assert.Equal("under the new key", b.Open(a, after));

        RecordEnd.Pass(TimeSpan.FromSeconds(59), a, b);
        Assert.Equal("still", a.Open(b, b.Seal(a, "still")));
        RecordEnd.Pass(TimeSpan.FromSeconds(2), a, b);
        after = a.Seal(b, "under the next boot");
        Assert.NotEqual(RecordFormat.BootOf(before), RecordFormat.BootOf(after));
        Assert.Equal("under the next boot", b.Open(a, after));
    }
}
