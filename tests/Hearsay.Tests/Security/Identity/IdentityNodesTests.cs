using Hearsay.Protocols;
using Hearsay.Security.Identity;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging.Testing;

namespace Hearsay.Tests.Security.Identity;

/// <summary>Live nodes of mode identity, over sockets.</summary>
public sealed class IdentityNodesTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly AdmissionKey _admission = AdmissionKey.Make();

    [Fact]
    public async Task Members_find_each_other_speak_over_datagrams_and_streams_and_know_who_asks()
    {
        await using var nodes = new LiveNodes();
        for (var i = 0; i < 3; i++)
        {
            await nodes.StartAsync(nodes.Options with { Security = Admitted($"web-{i}") });
        }

        await nodes.ViewsHoldAsync(2);
        var payload = new byte[200_000];
        new Random(1).NextBytes(payload);
        var heard = nodes.All.Skip(1).Select(node => FirstAsync(node, "files")).ToArray();
        await nodes.First.GetTopic("files").WaitForNeighboursAsync(1, Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        await nodes.First.GetTopic("files").PublishAsync(payload, Cancellation);
        foreach (var message in await Task.WhenAll(heard).WaitAsync(TimeSpan.FromSeconds(120), Cancellation))
        {
            Assert.Equal(payload, message.Payload.ToArray());
            Assert.Equal(nodes.First.Id, message.Origin);
        }

        // What each was handed was signed, and verified.
        Assert.All(nodes.All.Skip(1), node => Assert.True(node.Topics!.Broadcast.Proofs!.Verified > 0));

        await Eventually.TrueAsync(
            () => nodes.First.TryGetPeer(out var peer) && peer.Identity is { } identity
                && identity.Name.StartsWith("web-", StringComparison.Ordinal)
                && Protocols.Security.Identity.NodeKeys.IdOf(identity.Key.Span) == peer.Id,
            "a peer with its identity");
    }

    [Fact]
    public async Task Rumors_are_signed_and_shorter_and_the_meter_shows_sessions_and_signatures()
    {
        await using var nodes = new LiveNodes();
        for (var i = 0; i < 2; i++)
        {
            await nodes.StartAsync(nodes.Options with
            {
                Security = Admitted($"web-{i}"), Cluster = "default",
                Rumors = new RumorOptions { CycleTime = TimeSpan.FromMilliseconds(50) },
            });
        }

        await nodes.ViewsHoldAsync(1);
        var (first, second) = (nodes.All[0], nodes.All[1]);
        var wrong = await Assert.ThrowsAsync<ArgumentException>(
            () => first.Rumors.SpreadAsync(new byte[RumorOptions.LargestSignedPayloadBytes + 1], Cancellation));
        Assert.Contains("at most 450 bytes, not 451", wrong.Message, StringComparison.Ordinal);
        await using var heard = second.Rumors.Subscribe();
        await first.Rumors.SpreadAsync(new byte[RumorOptions.LargestSignedPayloadBytes], Cancellation);
        await foreach (var rumor in heard.WithCancellation(Cancellation))
        {
            Assert.Equal((first.Id, RumorOptions.LargestSignedPayloadBytes), (rumor.Id.Origin, rumor.Payload.Length));
            break;
        }

        Assert.Equal(0, second.Rumors.Counters.BadSignatures);

        // What the meter shows of it.
        var sessions = Hearsay.Metrics.NodeMetric.All.Where(static metric => metric.Name.StartsWith(
            "hearsay.sessions", StringComparison.Ordinal) || metric.Name == "hearsay.signatures.verified").ToList();
        Assert.Equal(8, sessions.Count);
        long Of(string name, string? tag) =>
            sessions.Single(metric => metric.Name == name && metric.Tag?.Value == tag).Read(second);
        Assert.True(Of("hearsay.sessions", null) > 0);
        Assert.True(Of("hearsay.sessions.changes", "opened") > 0);
        Assert.Equal(1, Of("hearsay.signatures.verified", null));
        Assert.Equal(0, Of("hearsay.sessions.changes", "refused"));
    }

    [Fact]
    public async Task Who_has_no_token_of_the_operator_does_not_get_in()
    {
        await using var nodes = new LiveNodes();
        await nodes.StartAsync(nodes.Options with { Security = Admitted("web-0") });
        var stranger = await nodes.StartAsync(nodes.Options with
        {
            Security = ClusterSecurity.FromCredentials(
                NodeCredentials.Make(AdmissionKey.Make(), "web-1", "default", DateTimeOffset.UtcNow)),
        });
        var open = await nodes.StartAsync(nodes.Options);
        await Eventually.TrueAsync(
            () => nodes.First.Counters.Dropped(DropReason.NotAuthentic) >= 2
                && nodes.First.Counters.Dropped(DropReason.WrongSecurity) >= 2, "they are refused");
        Assert.Equal(0, nodes.First.ViewCount + stranger.ViewCount + open.ViewCount);
        Assert.Equal(0, stranger.Counters.PacketsReceived + open.Counters.PacketsReceived);
    }

    [Fact]
    public async Task A_node_that_is_revoked_is_out_and_the_others_stay()
    {
        await using var nodes = new LiveNodes();
        var node = new List<GossipNode>();
        for (var i = 0; i < 3; i++)
        {
            node.Add(await nodes.StartAsync(nodes.Options with { Security = Admitted($"web-{i}") }));
        }

        await nodes.ViewsHoldAsync(2);
        var guest = NodeCredentials.Make(_admission, "operator", "default", DateTimeOffset.UtcNow);
        guest.Revocations.Add(_admission.Revoke(node[2].Id, "default", DateTimeOffset.UtcNow));
        await nodes.StartAsync(nodes.Options with { Security = ClusterSecurity.FromCredentials(guest) });
        await Eventually.TrueAsync(() => node[2].ViewCount == 0, "the node sees nobody");
        await Eventually.TrueAsync(
            () => node.Take(2).All(other => other.GetPeers(10).All(peer => peer.Id != node[2].Id)),
            "nobody sees the node");
        Assert.Contains(node[0].GetPeers(10), peer => peer.Id == node[1].Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_nodes_with_one_identity_file_the_later_one_stops_and_both_are_told_what_to_do(
        bool throughTheOriginal)
    {
        var (log, cloneLog) = (new FakeLoggerProvider(), new FakeLoggerProvider());
        var credentials = NodeCredentials.Make(_admission, "web-1", "default", DateTimeOffset.UtcNow);
        await using var nodes = new LiveNodes();
        await nodes.StartAsync(nodes.Options with { Security = Admitted("web-0") });
        var original = await nodes.StartAsync(nodes.Options with
        {
            Security = ClusterSecurity.FromCredentials(credentials), LoggerFactory = LiveNodes.Logging(log),
        });
        await nodes.ViewsHoldAsync(1);

        var clone = await nodes.StartAsync(nodes.Options with
        {
            Security = ClusterSecurity.FromCredentials(credentials),
            LoggerFactory = LiveNodes.Logging(cloneLog),
            Seeds = [(throughTheOriginal ? original : nodes.First).LocalAddress.ToString()],
        });
        var stopped = await Assert.ThrowsAsync<IdConflictException>(
            () => clone.Completion.WaitAsync(Eventually.Deadline, Cancellation));

        Assert.Equal((original.Id, original.LocalAddress), (stopped.Id, stopped.Address));
        Assert.Contains("hearsay keys identity", stopped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("node.json", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(1, Said(cloneLog, "has run for longer, so this node stops. Its identity file is a copy."));
        await Eventually.TrueAsync(
            () => Said(log, $"The node at {clone.LocalAddress} has proven that it has the keys of this node") == 1,
            "the original says so once");
        Assert.False(original.Completion.IsCompleted);
        Assert.Equal((original.Id, original.Id), (clone.Id, credentials.Keys.Id));
    }

    private static int Said(FakeLoggerProvider log, string text) =>
        log.Collector.GetSnapshot().Count(line => line.Message.Contains(text, StringComparison.Ordinal));

    private ClusterSecurity Admitted(string name) => ClusterSecurity.FromCredentials(
        NodeCredentials.Make(_admission, name, "default", DateTimeOffset.UtcNow));

    private static async Task<TopicMessage> FirstAsync(GossipNode node, string topic)
    {
        await using var subscription = node.GetTopic(topic).Subscribe();
        await foreach (var message in subscription.WithCancellation(Cancellation))
        {
            return message;
        }

        return default;
    }
}
