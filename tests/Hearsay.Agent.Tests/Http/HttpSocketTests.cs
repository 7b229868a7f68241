using System.Net;
using Hearsay.Agent.Http;

namespace Hearsay.Agent.Tests.Http;

public sealed class HttpSocketTests
{
    /// <summary>Both may bind a port on which neither listens yet.</summary>
    [Fact]
    public void Two_agents_that_start_at_once_do_not_take_the_same_port()
    {
        var plan = HttpPlan.Default;
        using var first = HttpSocket.Bind(plan);
        using var second = HttpSocket.Bind(plan);
        Assert.NotEqual(first.LocalEndPoint, second.LocalEndPoint);

        var named = plan with { EndPoint = (IPEndPoint)first.LocalEndPoint!, IsNamed = true };
        var error = Assert.Throws<IOException>(() => HttpSocket.Bind(named));
        Assert.Contains("the port is taken", error.Message, StringComparison.Ordinal);
    }
}
