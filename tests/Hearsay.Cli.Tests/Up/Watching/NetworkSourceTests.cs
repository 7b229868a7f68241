using System.Runtime.InteropServices;
using System.Text;
using Hearsay.Cli.Play.Live;
using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Watching;

namespace Hearsay.Cli.Tests.Up.Watching;

/// <summary>Real nodes, seen as the page sees them.</summary>
public sealed class NetworkSourceTests
{
    [Fact]
    public async Task Views_are_told_and_who_crashed()
    {
        var settings = new UpSettings
        {
            Nodes = 10, Seed = 3,
            Sampling = PeerSamplingOptions.Recommended.WithViewSize(8) with
            {
                CycleTime = TimeSpan.FromMilliseconds(200),
            },
        };
        await using var network = await LocalNetwork.StartAsync(settings, TestContext.Current.CancellationToken);
        var source = new NetworkSource(network, settings.Sampling.ViewSize);
        Assert.Equal(10, source.Nodes.Count);
        Assert.Equal(network[4].Id.ToString(), source.Nodes[4][0].Value);
        var seen = await UntilAsync(source, static look => look.Links >= 60 && look.Metrics[4] == 100);
        Assert.Equal(10, seen.Up);
        Assert.InRange(seen.Metrics[1], 6, 8);
        Assert.Equal(seen.Metrics[1] * 10, seen.InDegrees, 0.01);

        // Looked at while they crash: on a busy machine that takes longer than healing does.
        var crashing = network.CrashAsync(0.5);
        seen = await LookAsync(source);
        Assert.Equal(5, seen.Up);
        Assert.True(seen.Metrics[2] > 0, "the living still know the dead");
        Assert.Equal(5, await crashing);
        await UntilAsync(source, static look => look.Metrics[2] == 0 && look.Metrics[5] > 0);
    }

    private static async Task<Seen> UntilAsync(NetworkSource source, Predicate<Seen> holds)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(2); ; )
        {
            var seen = await LookAsync(source);
            if (holds(seen))
            {
                return seen;
            }

            Assert.True(DateTime.UtcNow < deadline, $"{seen}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<Seen> LookAsync(NetworkSource source)
    {
        var frame = new LiveFrame();
        Assert.Null(await source.LookAsync(frame, TestContext.Current.CancellationToken));
        var text = Encoding.UTF8.GetString(frame.ToEvent())["event: frame\ndata: ".Length..].Trim();
        var numbers = MemoryMarshal.Cast<byte, int>(Convert.FromBase64String(text)).ToArray();
        var metrics = numbers[14..20].Select(static number => (double)BitConverter.Int32BitsToSingle(number)).ToArray();
        var (up, links, degrees, place) = (0, 0, 0.0, 20);
        for (var node = 0; node < numbers[8]; node++)
        {
            up += numbers[place] & 1;
            degrees += BitConverter.Int32BitsToSingle(numbers[place + 2]);
            links += numbers[place + 1];
            place += 5 + numbers[place + 1];
        }

        return new Seen(up, links, degrees, metrics);
    }

    private sealed record Seen(int Up, int Links, double InDegrees, double[] Metrics);
}
