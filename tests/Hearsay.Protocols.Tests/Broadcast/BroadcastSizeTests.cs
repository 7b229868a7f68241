using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Core;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>How many hops a message of an unknown source is pushed follows from the size of the network.</summary>
public sealed class BroadcastSizeTests
{
    private readonly Sizes _sizes = new();
    private ulong _sequence;

    [Fact]
    public void The_size_that_the_node_measures_counts_as_soon_as_there_is_one_and_before_it_a_guess()
    {
        var rig = new BroadcastRig(o => o with { Mode = BroadcastMode.Hybrid }, beside: _sizes);

        // Four neighbours: a twelfth of 1,000 is reached after 3.99 hops, of a million after 10.3, of ten after one.
        Assert.Equal((true, false), (IsPushedOn(rig, hops: 2), IsPushedOn(rig, hops: 6)));
        _sizes.NetworkSize = 1_000_000;
        Assert.Equal((true, false), (IsPushedOn(rig, hops: 6), IsPushedOn(rig, hops: 11)));
        _sizes.NetworkSize = 10;
        Assert.Equal((true, false), (IsPushedOn(rig, hops: 0), IsPushedOn(rig, hops: 2)));
        _sizes.NetworkSize = null;
        Assert.Equal((true, false), (IsPushedOn(rig, hops: 2), IsPushedOn(rig, hops: 6)));
    }

    [Fact]
    public void Where_nothing_measures_the_size_the_guess_is_that_of_the_options()
    {
        BroadcastRig With(double guess) => new(
            o => o with { Mode = BroadcastMode.Hybrid, FirstSizeGuess = guess });
        Assert.False(IsPushedOn(With(1000), hops: 6));
        Assert.True(IsPushedOn(With(1_000_000), hops: 6));
        Assert.Equal(1000, new BroadcastOptions().FirstSizeGuess);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_guess_that_is_no_size_is_an_error(double guess) => Assert.Contains(
        "FirstSizeGuess", Assert.Single((new BroadcastOptions { FirstSizeGuess = guess }).Errors()),
        StringComparison.Ordinal);

    private bool IsPushedOn(BroadcastRig rig, int hops)
    {
        rig.Forget();
        rig.Push(1, Message(50, ++_sequence, hops: hops));
        return rig.Sent(2, BroadcastFrame.Message).Count > 0;
    }

    /// <summary>A protocol that knows a size.</summary>
    private sealed class Sizes : IProtocol, INetworkSizeSource
    {
        public byte Id => AggregationProtocol.ProtocolId;

        public double? NetworkSize { get; set; }

        public void Start(IProtocolContext context)
        {
        }

        public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
        {
        }
    }
}
