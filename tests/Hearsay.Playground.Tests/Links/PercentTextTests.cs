using Hearsay.Playground.Links;

namespace Hearsay.Playground.Tests.Links;

public sealed class PercentTextTests
{
    private const string Letters = "aZ9-_.~ %&=#?/+:*@;,é€𝄞\u0001\0\uFFFD\uFEFF%4%C3%A9%E2%82%ACfF0";

    [Fact]
    public void It_does_what_Uri_does()
    {
        var random = new Random(16);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ =>
                random.Next(3) == 0 ? $"%{random.Next(256):x2}" : Letters[random.Next(Letters.Length)].ToString()));
            Assert.Equal(Uri.EscapeDataString(text), PercentText.Escape(text));
            Assert.Equal(Uri.UnescapeDataString(text), PercentText.Unescape(text));
        }
    }
}
