using System.Net.Sockets;
using System.Text;
using Hearsay.AspNetCore.Limits;
using Hearsay.AspNetCore.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Hearsay.AspNetCore.Tests.Streams;

/// <summary>One test measures the memory of the process.</summary>
[Collection(nameof(RunsAlone))]
public sealed class EventStreamsTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private static readonly byte[] s_data = Encoding.ASCII.GetBytes($"\"{new string('x', 2000)}\"");

    [Fact]
    [Campaign]
    public async Task Readers_that_take_nothing_cost_little_and_hold_nobody_up()
    {
        const int Slow = 200;
        var log = new EventLog(1024, 4 << 20);
        await using var app = await ServeAsync(log, new HttpCounters(), TimeSpan.FromHours(1));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var fast = await EventReader.OpenAsync(client, "/", null);
        await SendAsync(log, fast);
        var slow = await Task.WhenAll(Enumerable.Range(0, Slow).Select(_ => OpenAsync(client.BaseAddress.Port)));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await SendAsync(log, fast);

        // 8 MB were sent to each, and the log itself was full before.
        var perReader = (GC.GetTotalMemory(forceFullCollection: true) - before) / Slow;
        TestContext.Current.TestOutputHelper?.WriteLine($"{perReader} bytes for each reader that takes nothing");
        Assert.True(perReader < 64 << 10, $"{perReader} bytes for each reader");
        using var late = new StreamReader(slow[0].GetStream());
        string? line;
        while ((line = await late.ReadLineAsync(Cancellation).AsTask().WaitAsync(ServiceRun.Deadline, Cancellation))
            != "event: lagged")
        {
            Assert.NotNull(line);
        }

        Array.ForEach(slow, static connection => connection.Dispose());
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_for_too_long_is_closed_and_counted()
    {
        var (log, counters) = (new EventLog(1024, 4 << 20), new HttpCounters());
        await using var app = await ServeAsync(log, counters, TimeSpan.FromSeconds(1));
        using var stuck = await OpenAsync(new Uri(app.Urls.Single()).Port);
        Assert.Equal(1, counters.Streams);
        await ServiceRun.UntilAsync(
            () =>
            {
                log.Add("n", s_data);
                return counters.Stalled == 1;
            },
            "it is closed");
        await ServiceRun.UntilAsync(() => counters.Streams == 0, "its place is free");
    }

    [Fact]
    public async Task A_reader_that_missed_events_can_go_on_from_where_it_was_told_so()
    {
        var log = new EventLog(2, 4 << 20);
        await using var app = await ServeAsync(log, new HttpCounters(), TimeSpan.FromHours(1));
        for (var i = 0; i < 5; i++)
        {
            log.Add("n", s_data);
        }

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var late = await EventReader.OpenAsync(client, "/", $"{log.Boot}-0");
        Assert.Equal($"{log.Boot}-0", await late.ReadBeginAsync());
        var lagged = (await late.ReadAsync())!.Value;
        Assert.Equal(("lagged", $"{log.Boot}-3"), (lagged.Name, lagged.Id));
        Assert.Equal($"{log.Boot}-4", (await late.ReadAsync())!.Value.Id);
    }

    /// <summary>Sends 8 MB, no faster than the fast reader reads it, and that one misses nothing.</summary>
    private static async Task SendAsync(EventLog log, EventReader fast)
    {
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 200; i++)
            {
                log.Add("n", s_data);
            }

            for (var i = 0; i < 200; i++)
            {
                Assert.Equal("n", (await fast.ReadAsync())!.Value.Name);
            }
        }
    }

    private static async Task<WebApplication> ServeAsync(EventLog log, HttpCounters counters, TimeSpan patience)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");

        // As the agent does.
        builder.Services.AddRoutingCore().Configure<SocketTransportOptions>(
            static options => options.MaxWriteBufferSize = 32 << 10);
        var app = builder.Build();
        var streams = new EventStreams(
            new HearsayHttpLimits { StreamPatience = patience }, counters, CancellationToken.None);
        app.MapGet("/", context => streams.SendAsync(context, log));
        await app.StartAsync(Cancellation);
        return app;
    }

    /// <summary>Asks for events, reads their beginning and then nothing more.</summary>
    private static async Task<TcpClient> OpenAsync(int port)
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync("127.0.0.1", port, Cancellation);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Cancellation);
        await client.GetStream().ReadAtLeastAsync(new byte[64], 64, cancellationToken: Cancellation);
        return client;
    }
}
