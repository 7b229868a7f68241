using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Tests.AntiEntropy.Replica;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>
/// Every start of a node that writes leaves an epoch. What a replica holds and writes must stay readable, by its peers
/// and by itself: here, after 1,000 starts of each of 100 nodes.
/// </summary>
public sealed class ManyEpochsTests
{
    private const int Nodes = 100;
    private const int Starts = 1_000;

    private static readonly Lazy<CausalContext> s_context = new(static () => ContextAfter(Starts));

    [Fact]
    public void A_context_of_100_000_epochs_is_read_as_it_was_written()
    {
        var context = s_context.Value;
        Assert.Equal((Nodes, Nodes * (Starts - 1)), (context.Open.Count, context.Folded.Count));
        var before = Environment.CpuUsage.TotalTime;
        var bytes = ContextCodec.ToBytes(context);
        Assert.InRange(bytes.Length, 2_490_000, 2_510_000);
        var reader = new WireReader(bytes);
        Assert.True(ContextCodec.TryRead(ref reader, out var read, TestNode.Options.MostEntries));
        var took = Environment.CpuUsage.TotalTime - before;
        Report($"whole: {bytes.Length} bytes, {took.TotalMilliseconds:F1} ms of CPU");
        Assert.Equal(context, read);
        Assert.Equal(context.Entries, read.Entries);
    }

    [Fact]
    public void A_context_beyond_the_bound_is_not_read()
    {
        var bytes = ContextCodec.ToBytes(ContextAfter(3));
        var reader = new WireReader(bytes);
        Assert.True(ContextCodec.TryRead(ref reader, out _, 3 * Nodes));
        reader = new WireReader(bytes);
        Assert.False(ContextCodec.TryRead(ref reader, out _, (3 * Nodes) - 1));
    }

    /// <summary>Both have the same, but for one event.</summary>
    [Fact]
    public void Where_the_folded_epochs_are_the_same_a_question_has_their_digest_only()
    {
        var (mine, theirs) = (s_context.Value, s_context.Value.With(new Dot(Epoch(7, Starts), 3)));
        var (asked, answered, wholes, took) = Exchange(mine, theirs);
        Report($"same: question {asked}, answer {answered} bytes, {took.TotalMilliseconds:F1} ms of CPU");
        Assert.Equal([true], wholes);
        Assert.InRange(asked, 800, 1_100);
        Assert.InRange(answered, 20, 60);
    }

    /// <summary>Another node has started again, of which one side has not heard.</summary>
    [Fact]
    public void Where_some_are_different_only_these_and_their_parts_are_told()
    {
        var (mine, theirs) = (s_context.Value, s_context.Value);
        for (var node = 0; node < 10; node++)
        {
            theirs = theirs.With(new Dot(Epoch(node, Starts + 1), 1)).WithClosed(Epoch(node, Starts), 2);
        }

        var (asked, answered, wholes, took) = Exchange(mine, theirs);
        Report($"10 differ: questions {asked}, answers {answered} bytes, {took.TotalMilliseconds:F1} ms of CPU");
        Assert.Equal([false, true], wholes);
        Assert.InRange(asked, 2_000, 6_000);
        Assert.InRange(answered, 16_384, 18_000);
    }

    [Fact]
    public void Nodes_that_hold_100_000_epochs_become_equal_by_their_contexts_and_a_new_node_gets_all()
    {
        var net = new MapNet(nodes: 2);
        var context = s_context.Value;
        for (var node = 0; node < 2; node++)
        {
            net.Stores[node].Of(MapNet.Map).Claims = ReplicaClaims.Empty with { Context = context };
            context = context.With(new Dot(Epoch(1, Starts + 1), 1)).WithClosed(Epoch(1, Starts), 2);
        }

        net.Set(0, "a", "of the first");
        net.Until(() => net.IsEqual());
        net.Set(1, "b", "of the second");
        net.Until(() => net.IsEqual());
        Assert.True(net.Sum(static counters => counters.ContextExchanges) >= 3);
        Assert.Equal(0, net.Sum(static counters => counters.SketchExchanges));
        var bytes = net.Sum(static counters => counters.BytesSent);
        Report($"two nodes: {bytes} bytes");
        Assert.InRange(bytes, 1, 60_000);

        net.Join();
        net.Until(() => net.IsEqual());
        Assert.Equal("of the second", net.Get(2, "b"));
        Assert.Equal(0, net.Sum(static counters => counters.Malformed));
    }

    /// <summary>A row of 70,000 that came in batches is gone, and no other node has it.</summary>
    [Fact]
    public void A_damaged_replica_of_70_000_rows_of_batches_that_trusts_itself_is_readable_for_a_new_node()
    {
        var net = new MapNet(nodes: 1);
        for (var row = 0; row < 70_000; row += 250)
        {
            var first = row;
            Assert.Equal(WriteOutcome.Committed, net.Write(0, [.. Enumerable.Range(first, 250).Select(
                static one => MapChange.Set(MapNet.Path($"key{one}"), RowKind.Register, new byte[] { 1 }))]));
        }

        net.Network.Kill(net.Network.Nodes[0]);
        var rows = net.Stores[0].Of(MapNet.Map).Rows;
        rows.Remove(rows.Keys.First());
        net.Restart(0, keepsStore: true);
        net.Run(seconds: 70);
        Assert.True(net.Replica(0).IsTrusted);
        Assert.Equal(69_999, net.Replica(0).Context.Claims.Count);
        net.Join();
        net.Until(() => net.IsEqual());
        Assert.Equal(69_999, net.Replica(1).Count);
        net.Set(0, "more", "of the first");
        net.Set(1, "yet more", "of the second");
        net.Until(() => net.IsEqual());
    }

    /// <summary>The context after so many starts of all nodes, each with two events.</summary>
    private static CausalContext ContextAfter(int starts)
    {
        var context = CausalContext.Empty;
        for (var start = 1; start <= starts; start++)
        {
            for (var node = 0; node < Nodes; node++)
            {
                context = context.With(new Dot(Epoch(node, start), 1)).With(new Dot(Epoch(node, start), 2));
                context = start == 1 ? context : context.WithClosed(Epoch(node, start - 1), 2);
            }
        }

        return context;
    }

    private static EpochId Epoch(int node, int start) => new(
        new NodeId(SeededRandom.Mix((ulong)node), (ulong)node + 1),
        SeededRandom.Mix(((ulong)start << 8) + (ulong)node));

    /// <summary>Asks until the other side knows all that was told, and reads the answer.</summary>
    private static (int Asked, int Answered, List<bool> Wholes, TimeSpan Took) Exchange(
        CausalContext mine, CausalContext theirs)
    {
        var digester = TestNode.Options.Digester;
        _ = (digester.Of(mine), digester.Of(theirs));
        var (asked, answered, wholes, before) = (0, 0, new List<bool>(), Environment.CpuUsage.TotalTime);
        for (var parts = FoldParts.Of(mine); ;)
        {
            var question = WireEncodings.ToBytes((ref WireWriter writer) =>
                Assert.True(BriefContext.TryWrite(ref writer, mine, parts, digester)));
            Assert.InRange(question.Length, 1, MapFrame.MostBytes);
            asked += question.Length;
            var reader = new WireReader(question);
            Assert.True(BriefContext.TryRead(ref reader, theirs, digester, out var told));
            wholes.Add(told.IsWhole);
            if (!told.IsWhole)
            {
                var theirParts = FoldDigests.PartsOf(theirs, parts.Bits, digester);
                answered += theirParts.Length * sizeof(uint);
                parts = parts.Differing(FoldDigests.PartsOf(mine, parts.Bits, digester), theirParts);
                continue;
            }

            var answer = WireEncodings.ToBytes((ref WireWriter writer) =>
                BriefContext.WriteAnswer(ref writer, theirs, told, digester));
            reader = new WireReader(answer);
            Assert.True(BriefContext.TryReadAnswer(ref reader, mine, parts, digester, out var read));
            var took = Environment.CpuUsage.TotalTime - before;
            Assert.Equal(theirs, read);
            Assert.Equal(mine, told.Known);
            return (asked, answered + answer.Length, wholes, took);
        }
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
