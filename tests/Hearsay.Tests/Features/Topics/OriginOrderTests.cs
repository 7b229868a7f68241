using CsCheck;
using Hearsay.Features.Topics;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Features.Topics;

public sealed class OriginOrderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly NodeId Origin = new(1, 2);

    private readonly FakeTimeProvider _time = new();
    private readonly List<ulong> _handed = [];
    private int _late;

    [Fact]
    public void Any_order_of_arrival_becomes_the_order_of_publishing() =>
        Gen.Shuffle(Enumerable.Range(1, 40).ToArray()).Sample(
            arrivals =>
            {
                _handed.Clear();
                using var order = Create();
                Array.ForEach(arrivals, sequence => Add(order, (ulong)sequence));

                // Before the first of all has come nothing is certain; then everything follows at once.
                Assert.Equal(Enumerable.Range(1, 40).Select(i => (ulong)i), _handed);
                Assert.Equal(0, order.Waiting);
            },
            threads: 1);

    [Fact]
    public void A_message_that_never_comes_holds_the_others_for_the_patience_only()
    {
        using var order = Create();
        Add(order, 1);
        Add(order, 3);
        _time.Advance(Patience - TimeSpan.FromSeconds(1));
        Assert.Equal([1ul], _handed);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([1ul, 3], _handed);
    }

    [Fact]
    public void What_waits_when_nothing_comes_any_more_is_handed_on_in_order()
    {
        var order = Create();
        Add(order, 1);
        Add(order, 5);
        Add(order, 3);
        order.Dispose();
        Assert.Equal([1ul, 3, 5], _handed);
    }

    [Fact]
    public void What_comes_after_the_patience_is_told_and_not_handed_on()
    {
        using var order = Create();
        Add(order, 1);
        Add(order, 3);
        _time.Advance(2 * Patience);
        Add(order, 2);
        Assert.Equal([1ul, 3], _handed);
        Assert.Equal(1, _late);
    }

    [Fact]
    public void Messages_of_other_topics_fill_their_places()
    {
        using var order = Create();
        Add(order, 1);
        Add(order, 3);
        order.Pass(Origin, 1, 2);
        Assert.Equal([1ul, 3], _handed);
    }

    [Fact]
    public void A_publisher_in_the_middle_of_its_life_begins_where_it_was_heard_first()
    {
        using var order = Create();
        Add(order, 1000);
        Add(order, 999);
        Assert.Empty(_handed);
        _time.Advance(Patience / 5);
        Assert.Equal([999ul, 1000], _handed);
    }

    [Fact]
    public void Lives_and_origins_do_not_wait_for_each_other()
    {
        using var order = Create();
        Add(order, 2, incarnation: 1);
        Add(order, 1, incarnation: 2);
        Assert.Equal([1ul], _handed);
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        using var order = Create();
        Add(order, 1);
        for (var sequence = 3ul; sequence < 30_000; sequence += 2)
        {
            Add(order, sequence);
        }

        Assert.Equal(8192, order.Waiting);
        Assert.True(_handed.SequenceEqual(_handed.Order()));
    }

    [Fact]
    public void What_waits_is_bounded_by_its_bytes_too()
    {
        using var order = Create();
        Add(order, 1);
        var payload = new byte[16 << 20];
        for (var sequence = 3ul; sequence < 100; sequence += 2)
        {
            order.Add(new TopicMessage
            {
                Origin = Origin, Incarnation = 1, Sequence = sequence, Topic = "t", Payload = payload,
            });
            Assert.InRange(order.Waiting, 0, 4);
        }

        Assert.Equal(46, _handed.Count);
    }

    [Fact]
    public void Origins_are_bounded()
    {
        using var order = Create();
        for (var i = 0ul; i < 5_000; i++)
        {
            order.Add(new TopicMessage { Origin = new NodeId(9, i + 1), Incarnation = 1, Sequence = 7, Topic = "t" });
            order.Add(new TopicMessage { Origin = new NodeId(9, i + 1), Incarnation = 1, Sequence = 9, Topic = "t" });
        }

        Assert.InRange(order.Waiting, 1024, 2 * 1024);
        Assert.Equal(2 * 5_000, order.Waiting + _handed.Count);
    }

    private OriginOrder Create() =>
        new(new() { OrderPatience = Patience }, _time, message => _handed.Add(message.Sequence), () => _late++);

    private static void Add(OriginOrder order, ulong sequence, ulong incarnation = 1) =>
        order.Add(new TopicMessage
        {
            Origin = Origin, Incarnation = incarnation, Sequence = sequence, Topic = "t",
        });
}
