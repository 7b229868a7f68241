using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class ErrorPaceTests
{
    [Fact]
    public void A_burst_of_errors_is_let_pass_and_an_endless_row_is_slowed_down()
    {
        var pace = default(ErrorPace);
        for (var i = 0; i < ErrorPace.FreeErrors; i++)
        {
            Assert.True(pace.Failed().IsCompleted);
        }

        Assert.False(pace.Failed().IsCompleted);

        pace.Succeeded();
        Assert.True(pace.Failed().IsCompleted);
    }
}
