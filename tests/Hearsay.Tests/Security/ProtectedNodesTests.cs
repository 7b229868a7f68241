using System.Text;
using Hearsay.Protocols;
using Hearsay.Security;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging;

namespace Hearsay.Tests.Security;

/// <summary>Live nodes of mode key, over sockets.</summary>
public sealed class ProtectedNodesTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_with_one_keyring_find_each_other_and_speak_over_datagrams_and_streams()
    {
        await using var nodes = new LiveNodes();
        var security = NewKeyring();
        for (var i = 0; i < 4; i++)
        {
            await nodes.StartAsync(nodes.Options with { Security = security });
        }

        await nodes.ViewsHoldAsync(3);
        var payload = new byte[200_000];
        new Random(1).NextBytes(payload);
        var heard = nodes.All.Skip(1).Select(node => FirstAsync(node, "files")).ToArray();
        await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        await nodes.First.GetTopic("files").PublishAsync(payload, Cancellation);
        foreach (var bytes in await Task.WhenAll(heard).WaitAsync(TimeSpan.FromSeconds(60), Cancellation))
        {
            Assert.Equal(payload, bytes);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_no_key_or_another_one_does_not_get_in_and_both_sides_say_so(bool hasKey)
    {
        var log = new LineLog();
        await using var nodes = new LiveNodes();
        await nodes.StartAsync(nodes.Options with
        {
            Security = NewKeyring(), LoggerFactory = LiveNodes.Logging(log),
        });
        var stranger = await nodes.StartAsync(nodes.Options with
        {
            Security = hasKey ? NewKeyring() : ClusterSecurity.Open,
        });
        var reason = hasKey ? DropReason.NotAuthentic : DropReason.WrongSecurity;
        await Eventually.TrueAsync(() => nodes.First.Counters.Dropped(reason) >= 3, "the stranger is refused");
        Assert.Equal(0, nodes.First.ViewCount + stranger.ViewCount);
        Assert.Equal(0, stranger.Counters.PacketsReceived);
        await Eventually.TrueAsync(
            () => log.Lines.Any(line => line.Contains("is not authentic", StringComparison.Ordinal)), "a warning");
    }

    [Fact]
    public async Task The_first_line_of_the_log_tells_the_effective_security()
    {
        var log = new LineLog();
        await using var nodes = new LiveNodes();
        var security = NewKeyring();
        await nodes.StartAsync(nodes.Options with { Security = security, LoggerFactory = LiveNodes.Logging(log) });
        await Eventually.TrueAsync(() => log.Lines.Count > 0, "a line");
        Assert.Contains($"effective security: {security}.", log.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("key (1 key, sealing with key ", security.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_is_open_beyond_this_machine_is_warned()
    {
        var options = new GossipNodeOptions { Bind = "0.0.0.0:0" };
        Assert.Contains(
            GossipNodeValidation.Warnings(options),
            warning => warning.Contains("effective security: open", StringComparison.Ordinal));
        Assert.Empty(GossipNodeValidation.Warnings(options with { Security = NewKeyring() }));
    }

    private static ClusterSecurity NewKeyring() =>
        ClusterSecurity.FromKeyringText(Keyring.Make().ToText());

    private static async Task<byte[]> FirstAsync(GossipNode node, string topic)
    {
        await using var subscription = node.GetTopic(topic).Subscribe();
        await foreach (var message in subscription.WithCancellation(Cancellation))
        {
            return message.Payload.ToArray();
        }

        return [];
    }

    private sealed class LineLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
