using System.Text;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Tests.Features.Maps;

public sealed class KeyNamesTests
{
    [Theory]
    [InlineData("k")]
    [InlineData("ä\0\u0001😀")]
    public void A_key_is_called_what_it_is_also_by_what_is_beneath_it(string key)
    {
        var path = RowPath.Of(Encoding.UTF8.GetBytes(key));
        Assert.Equal(key, KeyNames.Of(path));
        Assert.Equal(key, KeyNames.Of(path.Child([0, 255, 1]).Child("x"u8)));
        Assert.False(KeyNames.IsStandIn(key));
    }

    [Fact]
    public void Keys_that_are_not_UTF_8_differ_and_nobody_can_ask_for_them()
    {
        var (one, other) = (KeyNames.Of(RowPath.Of([0xFF, 0])), KeyNames.Of(RowPath.Of([0xFF])));
        Assert.NotEqual(one, other);
        Assert.True(KeyNames.IsStandIn(one));
        Assert.False(Hearsay.Settings.StrictUtf8.CanEncode(one));
    }
}
