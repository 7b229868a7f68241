using CsCheck;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Tests.Shell;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1s", 1_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0S", 0)]
    public void A_duration_is_a_number_and_a_unit(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1e3s")]
    [InlineData("1 s")]
    [InlineData("1,5s")]
    [InlineData("NaNs")]
    [InlineData("99999999999999999999999h")]
    public void Anything_else_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void What_is_formatted_is_read_as_the_same() =>
        Gen.Int[0, 86_400_000].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)).Sample(duration =>
            Duration.TryParse(Duration.Format(duration), out var read) && read == duration);

    [Fact]
    public void No_text_makes_it_throw() => Gen.String.Sample(text => Duration.TryParse(text, out _) || true);
}
