using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.View;

public class ViewPublisherTests
{
    [Fact]
    public void A_copy_is_the_view_whatever_the_order_of_its_entries()
    {
        var view = TestView.Of(5, 7, 3, 9);
        view.Entries.Reverse();
        view.Cycle = 12;
        view.Publish();
        Assert.Equal([3u, 7u, 9u], view.Numbers().Order());
        Assert.Equal((3, 12L), (view.Publisher.Count, view.Publisher.Cycle));
        var two = new Peer[2];
        Assert.Equal(2, view.Publisher.CopyTo(two));
        Assert.All(two, peer => Assert.True(TestView.IsWhole(peer)));
        Assert.Equal(3, view.Publisher.CopyTo(new Peer[5]));
    }

    [Fact]
    public void An_entry_keeps_its_slot_and_stamp_until_it_leaves()
    {
        var view = TestView.Of(3, 7, 3, 9);
        Assert.Equal([1L, 2, 3], Stamps(view));
        view.Entries.Clear();
        view.Entries.AddRange([(9, 4), (5, 0), (7, 1)]);
        view.Update(7);
        view.Publish();
        Assert.Equal([1L, 4, 3], Stamps(view));
        Assert.Equal([7u, 5, 9], view.Numbers());

        view.Entries.RemoveAt(0);
        view.Publish();
        Assert.Equal([1L, 4, 0], Stamps(view));
        view.Entries.Add((9, 0));
        view.Publish();
        Assert.Equal([1L, 4, 5], Stamps(view));
    }

    [Fact]
    public void One_who_left_and_comes_back_to_another_slot_is_found_there()
    {
        var view = TestView.Of(4, 1, 2, 3);
        view.Entries.RemoveAt(2);
        view.Publish();
        view.Entries[0] = (3, 0);
        view.Publish();
        view.Publish();
        Assert.Equal([4L, 2, 0, 0], Stamps(view));
        Assert.Equal([3u, 2], view.Numbers());
    }

    [Fact]
    public void Changes_are_told_removals_first_and_only_what_changed()
    {
        var view = TestView.Of(3, 1, 2, 3);
        var replay = new ViewReplay(3);
        view.Publisher.Observer = replay;
        view.Entries.Clear();
        view.Entries.AddRange([(4, 0), (3, 8), (5, 0)]);
        view.Update(3);
        foreach (var peer in view.Publisher.Copy())
        {
            replay.View.Add(peer.Id, peer);
        }

        view.Publish();
        view.Publish();
        Assert.Equal(
            [
                (ViewChangeKind.Removed, 1u), (ViewChangeKind.Removed, 2u),
                (ViewChangeKind.Added, 4u), (ViewChangeKind.Added, 5u), (ViewChangeKind.Updated, 3u),
            ],
            replay.Changes);
    }

    [Fact]
    public void Replaying_the_changes_gives_the_view()
    {
        var random = new SeededRandom(4);
        var view = new TestView(8);
        var replay = new ViewReplay(8);
        view.Publisher.Observer = replay;
        for (var round = 0; round < 2_000; round++)
        {
            var numbers = Enumerable.Range(0, 12).Select(number => (uint)number).ToArray();
            random.Shuffle<uint>(numbers);
            view.Entries.Clear();
            view.Entries.AddRange(numbers.Take(random.Below(9)).Select(number => (number, (ushort)round)));
            view.Update(numbers[0]);
            view.Publish();
            Assert.Equal(
                view.Publisher.Copy().Select(peer => (peer.Id, peer.Incarnation)).Order(),
                replay.View.Values.Select(peer => (peer.Id, peer.Incarnation)).Order());
        }
    }

    [Fact]
    public void New_metadata_is_an_update_and_a_new_age_is_none()
    {
        var publisher = new ViewPublisher(2);
        var replay = new List<ViewChangeKind>();
        publisher.Observer = new Listener(replay);
        byte[]?[] steps = [null, null, [], [1, 2], [1, 2], [1, 3], null];
        for (ushort i = 0; i < steps.Length; i++)
        {
            publisher.Publish([5], [i], new WithMetadata(steps[i]), i);
        }

        Assert.Equal(
            [ViewChangeKind.Added, ViewChangeKind.Updated, ViewChangeKind.Updated, ViewChangeKind.Updated,
                ViewChangeKind.Updated],
            replay);
    }

    [Fact]
    public void A_source_that_throws_leaves_the_view_as_it_was()
    {
        var view = TestView.Of(3, 1, 2);
        for (var i = 0; i < 7; i++)
        {
            Assert.Throws<InvalidOperationException>(
                () => view.Publisher.Publish([8, 9], [0, 0], default(Failing), 5));
            Assert.Equal([1u, 2], view.Numbers());
        }

        Assert.Equal(0, view.Publisher.Cycle);
        view.Entries.Add((3, 0));
        view.Publish();
        Assert.Equal([1L, 2, 3], Stamps(view));
    }

    [Fact]
    public void More_entries_than_the_view_has_room_for_are_refused()
    {
        var view = new TestView(2);
        Assert.Throws<ArgumentException>(() => view.Publisher.Publish([1, 2, 3], [0, 0, 0], view, 0));
        Assert.Throws<ArgumentException>(() => view.Publisher.Publish([1, 2], [0], view, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ViewPublisher(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ViewPublisher(257));
    }

    private static IEnumerable<long> Stamps(TestView view) =>
        view.Publisher.Published.Stamps.Take(view.Publisher.Capacity);

    private sealed class Listener(List<ViewChangeKind> kinds) : IViewObserver
    {
        public void OnChange(in ViewChange change) => kinds.Add(change.Kind);
    }

    private readonly struct WithMetadata(byte[]? metadata) : IPeerSource
    {
        public Peer Describe(uint handle, ushort age) =>
            new(new NodeId(handle, 1), default, 1, age, metadata?.ToArray());
    }

    private readonly struct Failing : IPeerSource
    {
        public Peer Describe(uint handle, ushort age) =>
            handle == 9 ? throw new InvalidOperationException()
                : new Peer(new NodeId(handle, 1), default, 1, age, null);
    }
}
