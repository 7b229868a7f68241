using Hearsay.Learning.Exchange;
using Hearsay.Learning.Tests.State;
using Hearsay.Protocols;
using Hearsay.Simulation;

namespace Hearsay.Learning.Tests.Exchange;

/// <summary>Whole nodes in virtual time.</summary>
public sealed class LearningProtocolTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(MergeMode.AgeWeighted)]
    [InlineData(MergeMode.Plain)]
    [InlineData(MergeMode.Limited)]
    [InlineData(MergeMode.MergeUpdate)]
    [InlineData(MergeMode.UpdateMerge)]
    [InlineData(MergeMode.EqualAverage)]
    public void Nodes_that_have_a_few_records_each_learn_what_all_know(MergeMode mode)
    {
        var net = new LearningNet(20, new LearningOptions { Mode = mode });
        net.Network.Run(s_time);
        Assert.InRange(net.Error, 0, 0.06);
        Assert.True(net.Sum(counters => counters.Merged) > 500);
        Assert.Equal(0, net.Sum(counters => counters.Malformed + counters.OtherModel + counters.NotFinite));
    }

    [Fact]
    public void A_node_alone_learns_from_its_own_records()
    {
        var net = new LearningNet(1, new LearningOptions(), recordsEach: 100);
        net.Network.Run(s_time);
        Assert.InRange(net.Error, 0, 0.06);
    }

    [Fact]
    public void Models_that_were_asked_for_are_mixed_and_others_are_dropped()
    {
        var net = new LearningNet(20, new LearningOptions { Robust = RobustForm.Nearest });
        net.Network.Run(s_time);
        Assert.InRange(net.Error, 0, 0.06);
        Assert.True(net.Sum(counters => counters.Merged) > 2000);
        Assert.Equal(0, net.Sum(counters => counters.Unasked));

        var state = net.Learners[3].State!;
        var before = state.Age;
        net.Network.Command(net.Network.Nodes[3], (core, now) => net.Learners[3].Receive(
            new StrangerContext(), default, LearningFrame.Model, [1, 2, 3]));
        Assert.Equal((1L, before), (state.Counters.Unasked, state.Age));
    }

    [Fact]
    public void Half_of_the_nodes_may_die()
    {
        var net = new LearningNet(30, new LearningOptions(), loss: 0.2);
        net.Network.Run(TimeSpan.FromSeconds(15));
        foreach (var node in net.Network.Nodes.Where(node => node.Index % 2 == 1))
        {
            net.Network.Kill(node);
        }

        net.Network.Run(s_time);
        Assert.InRange(net.Error, 0, 0.06);
    }

    [Fact]
    public void One_seed_is_one_run()
    {
        Assert.Equal(Hash(4), Hash(4));
        Assert.NotEqual(Hash(4), Hash(5));

        static ulong Hash(ulong seed)
        {
            var net = new LearningNet(8, new LearningOptions(), seed, loss: 0.1);
            net.Network.Run(TimeSpan.FromSeconds(20));
            return net.Network.TraceHash;
        }
    }

    [Fact]
    public void Tokens_send_no_more_than_one_message_a_cycle()
    {
        var net = new LearningNet(20, new LearningOptions { Tokens = TokenPolicy.Randomised });
        net.Network.Run(s_time);
        Assert.InRange(net.Sum(counters => counters.Sent), 20 * 30, 20 * (60 + 1 + 10));
        Assert.InRange(net.Error, 0, 0.06);
    }

    [Fact]
    public void A_long_update_is_done_in_turns_and_the_newest_model_waits()
    {
        var net = new LearningNet(
            10, new LearningOptions { NumbersPerTurn = 1000, Epochs = 1000, Period = TimeSpan.FromMilliseconds(20) });
        net.Network.Run(TimeSpan.FromSeconds(5));
        Assert.True(net.Sum(counters => counters.Merged) > 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Any_bytes_are_counted_and_dropped(byte type)
    {
        var protocol = new LearningProtocol(LinearModel.Logistic(2), TestData.Line(5, 1), new LearningOptions());
        var context = new StrangerContext();
        protocol.Start(context);
        var random = new SeededRandom(type);
        for (var i = 0; i < 500; i++)
        {
            var body = new byte[random.Below(200)];
            for (var j = 0; j < body.Length; j++)
            {
                body[j] = (byte)random.Below(256);
            }

            protocol.Receive(context, default, type, body);
        }

        var counters = protocol.State!.Counters;
        Assert.Equal(
            500, counters.Malformed + counters.OtherModel + counters.Unasked + counters.PullsRefused + context.Sent);
        Assert.Equal(0, protocol.State.Age);
    }

    [Fact]
    public void What_a_stranger_sends_is_neither_learned_nor_answered()
    {
        var protocol = new LearningProtocol(LinearModel.Logistic(2), TestData.Line(5, 1), new LearningOptions());
        var context = new StrangerContext { IsProven = false };
        protocol.Start(context);
        protocol.Receive(context, default, LearningFrame.Model, Sound());
        protocol.Receive(context, default, LearningFrame.Pull, new byte[4]);
        Assert.Equal((0L, 1L, 0L), (
            protocol.State!.Counters.Merged, protocol.State.Counters.PullsRefused, context.Sent));

        // It has proven itself: its model is learned, once.
        protocol.OnProven(context, context.Source);
        protocol.OnProven(context, context.Source);
        Assert.Equal(1, protocol.State.Counters.Merged);
    }

    [Fact]
    public void Of_strangers_models_the_newest_wait_and_the_others_are_counted()
    {
        var protocol = new LearningProtocol(LinearModel.Logistic(2), TestData.Line(5, 1), new LearningOptions());
        var context = new StrangerContext { IsProven = false };
        protocol.Start(context);
        for (ushort port = 1; port <= 100; port++)
        {
            context.Source = NodeAddress.FromIPv4(0x0A000001, port);
            protocol.Receive(context, default, LearningFrame.Model, Sound());
        }

        protocol.Receive(context, default, LearningFrame.Model, new byte[60_000]);
        Assert.Equal(100 - 8 + 1, protocol.State!.Counters.Unproven);
        for (ushort port = 1; port <= 100; port++)
        {
            protocol.OnProven(context, NodeAddress.FromIPv4(0x0A000001, port));
        }

        Assert.Equal(8, protocol.State.Counters.Merged);
    }

    private static byte[] Sound() => LearnerStateAccess.Learner(new(), TestData.Line(5, 1)).Message();

    [Fact]
    public void Requests_for_the_model_are_answered_so_many_times_a_cycle()
    {
        var protocol = new LearningProtocol(LinearModel.Logistic(2), TestData.Line(5, 1), new LearningOptions());
        var context = new StrangerContext();
        protocol.Start(context);
        for (var i = 0; i < 1000; i++)
        {
            protocol.Receive(context, default, LearningFrame.Pull, new byte[4]);
        }

        Assert.Equal((128L, 872L), (context.Sent, protocol.State!.Counters.PullsRefused));
    }

    [Fact]
    public void Answers_that_come_during_an_update_of_several_turns_are_used()
    {
        var peers = Enumerable.Range(1, 7).Select(Someone).ToArray();
        var (protocol, context) = Busy(new() { Robust = RobustForm.Nearest }, peers);
        for (var i = 0; i < peers.Length; i++)
        {
            Assert.Equal(LearningFrame.Pull, context.Frames[i].Type);
            byte[] answer = [.. context.Frames[i].Body, .. Sound()];
            protocol.Receive(context, peers[i], LearningFrame.Answer, answer);
            protocol.Receive(context, peers[i], LearningFrame.Answer, answer);
        }

        Assert.True(protocol.State!.IsUpdating);
        Assert.Equal((7L, 7L), (protocol.State.Counters.Merged, protocol.State.Counters.Unasked));
    }

    [Fact]
    public void Models_of_equal_weight_that_come_during_an_update_are_all_used()
    {
        var (protocol, context) = Busy(new() { Mode = MergeMode.EqualAverage });
        for (var i = 0; i < 3; i++)
        {
            protocol.Receive(context, Someone(i), LearningFrame.Model, Sound());
        }

        Assert.True(protocol.State!.IsUpdating);
        Assert.Equal((3L, 0L), (protocol.State.Counters.Merged, protocol.State.Counters.Overtaken));
    }

    [Theory]
    [InlineData(TokenPolicy.None, 2)]
    [InlineData(TokenPolicy.Randomised, 22)]
    public void The_clipping_form_takes_only_so_many_models_of_one_peer_in_a_period(TokenPolicy tokens, int limit)
    {
        var options = new LearningOptions { Robust = RobustForm.Clip, Tokens = tokens };
        var protocol = new LearningProtocol(LinearModel.Logistic(2), TestData.Line(5, 1), options);
        var context = new StrangerContext { Known = new FixedSampler(Someone(1)) };
        protocol.Start(context);
        for (var i = 0; i < 100; i++)
        {
            protocol.Receive(context, Someone(1), LearningFrame.Model, Sound());
        }

        var counters = protocol.State!.Counters;
        Assert.Equal((limit, 100 - limit), (counters.Merged, counters.TooOften));
        protocol.Receive(context, Someone(2), LearningFrame.Model, Sound());
        Assert.Equal(limit + 1, counters.Merged);

        context.Now += options.Period;
        protocol.OnDue(context, 0);
        protocol.Receive(context, Someone(1), LearningFrame.Model, Sound());
        Assert.Equal((limit + 2, 100 - limit), (counters.Merged, counters.TooOften));
    }

    [Fact]
    public void More_senders_than_a_period_has_are_not_taken()
    {
        var options = new LearningOptions { Robust = RobustForm.Clip };
        var protocol = new LearningProtocol(LinearModel.Logistic(2), TestData.Line(5, 1), options);
        var context = new StrangerContext();
        protocol.Start(context);
        for (var i = 1; i <= 100; i++)
        {
            protocol.Receive(context, Someone(i), LearningFrame.Model, Sound());
        }

        Assert.Equal((64L, 36L), (protocol.State!.Counters.Merged, protocol.State.Counters.TooOften));
    }

    /// <summary>A node in the first turn of a long update.</summary>
    private static (LearningProtocol Protocol, StrangerContext Context) Busy(
        LearningOptions options, params Peer[] peers)
    {
        options = options with { Epochs = 1000, NumbersPerTurn = 1000 };
        var protocol = new LearningProtocol(LinearModel.Logistic(2), TestData.Line(5, 1), options);
        var context = new StrangerContext { Known = new FixedSampler(peers) };
        protocol.Start(context);
        context.Now += options.Period;
        protocol.OnDue(context, 0);
        Assert.True(protocol.State!.IsUpdating);
        return (protocol, context);
    }

    private static Peer Someone(int number) => new(new NodeId(1, (ulong)number + 1), default, 1, 0, null);
}
