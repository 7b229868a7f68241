namespace Hearsay.Simulation.Tests.Broadcast;

/// <summary>Topics in whole networks of mode identity: who published something is proven from end to end.</summary>
public sealed class SignedTopicsTests
{
    [Fact]
    public void What_64_nodes_publish_reaches_all_of_them_large_or_small_and_all_of_it_verifies()
    {
        var net = new TopicsNet(nodes: 64, liars: 0, isSigned: true);
        var large = new byte[50_000];
        new Random(1).NextBytes(large);
        for (var i = 0; i < 64; i++)
        {
            net.Publish(i, i % 16 == 5 ? large : [(byte)i]);
            net.Run(seconds: .1);
        }

        net.Run(seconds: 10);
        foreach (var reader in net.Readers)
        {
            Assert.Equal(64, reader.All.Count);
            Assert.Equal(64, reader.All.Select(one => one.Origin).Distinct().Count());
            Assert.Equal(4, reader.All.Count(one => one.Payload.AsSpan().SequenceEqual(large)));
        }

        Assert.Equal(0, net.Sum(c => c.BadSignatures + c.FromShunned + c.NotAdmitted + c.SignedLongAgo + c.Malformed));
    }

    [Fact]
    public void Members_that_change_what_passes_them_are_heard_by_nobody_and_keep_nobody_from_being_heard()
    {
        var net = Lie(isSigned: true);
        Assert.True(net.Liars.Sum(liar => liar.Sent) > 0);
        foreach (var reader in net.Readers)
        {
            Assert.Equal(40, reader.All.Count);
            Assert.DoesNotContain(reader.Texts, text => text.StartsWith('!'));
        }

        // Each of the three is found out by each of its neighbours once a minute at the most.
        Assert.InRange(net.Sum(c => c.BadSignatures), 3, 60);
        Assert.Equal(net.Sum(c => c.BadSignatures), net.Neighbours.Sum(one => one.Counters.Shunned), 10d);
    }

    [Fact]
    public void In_mode_key_they_speak_for_all_others()
    {
        // The control: without signatures the same members put words into the mouths of others on all nodes.
        var net = Lie(isSigned: false);
        Assert.All(net.Readers, reader => Assert.Contains(reader.Texts, text => text.StartsWith('!')));
    }

    [Fact]
    public void What_a_member_kept_for_two_hours_is_refused_also_by_a_node_that_has_restarted()
    {
        // So few that all are neighbours of the liars.
        var net = new TopicsNet(nodes: 4, liars: 2, isSigned: true);
        net.Liars.ForEach(liar => liar.IsQuiet = true);
        net.Publish(0, "one");
        net.Run(seconds: 5);
        Assert.All(net.Readers, reader => Assert.Equal(["one"], reader.Texts));

        // As long as a message could have been published a moment ago, a node that has just started takes it.
        net.Run(seconds: 150);
        var soon = net.Restart(3);
        net.Run(seconds: 30);
        net.Repeat();
        net.Run(seconds: 5);
        Assert.Equal(["one"], soon.Texts);

        net.Slept = 2 * 3600;
        var late = net.Restart(3);
        net.Restart(0);
        net.Run(seconds: 30);
        net.Repeat();
        net.Run(seconds: 5);
        Assert.Empty(late.All);
        Assert.Empty(net.Readers[0].All);
        Assert.True(net.Sum(c => c.SignedLongAgo) > 0);

        // Under its new life the publisher is heard as before.
        net.Publish(0, "two");
        net.Run(seconds: 5);
        Assert.All(net.Readers, reader => Assert.Equal("two", reader.Texts.Last()));
    }

    private static TopicsNet Lie(bool isSigned)
    {
        var net = new TopicsNet(nodes: 20, liars: 3, isSigned);
        for (var i = 0; i < 40; i++)
        {
            net.Publish(i % 20, $"{i}");
            net.Run(seconds: .2);
        }

        net.Run(seconds: 15);
        return net;
    }
}
