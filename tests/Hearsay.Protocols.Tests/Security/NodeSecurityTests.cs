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
}
