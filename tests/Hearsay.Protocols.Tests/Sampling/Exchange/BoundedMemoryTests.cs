using CsCheck;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Liveness;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

/// <summary>The small things a node remembers: each bounded, each forgetting in the order it says.</summary>
public sealed class BoundedMemoryTests
{
    private static readonly TimeSpan _cycle = TimeSpan.FromSeconds(1);

    [Fact]
    public void One_sender_ages_the_view_once_per_half_cycle()
    {
        var guard = new AgeingGuard(_cycle, 1);
        var allowed = 0;
        for (var ms = 0; ms < 10_000; ms += 10)
        {
            allowed += guard.Allow(new NodeId(1, 1), At(ms)) ? 1 : 0;
        }

        Assert.Equal(20, allowed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void All_senders_together_age_it_no_faster_than_the_bucket_lets_them(int fanout)
    {
        var guard = new AgeingGuard(_cycle, fanout);
        var allowed = 0;
        for (var ms = 0; ms < 10_000; ms++)
        {
            allowed += guard.Allow(new NodeId(1, (ulong)ms), At(ms)) ? 1 : 0;
        }

        // Eight per cycle and partner, and two cycles' worth at once.
        Assert.InRange(allowed, 8 * 10 * fanout, 8 * 12 * fanout);
    }

    [Fact]
    public void What_the_guard_withholds_costs_nobody_else_anything()
    {
        var guard = new AgeingGuard(_cycle, 1);
        for (var i = 0; i < 10_000; i++)
        {
            guard.Allow(new NodeId(1, 1), At(i / 100));
        }

        Assert.True(guard.Allow(new NodeId(2, 2), At(100)));
    }

    [Fact]
    public void What_gives_way_in_a_memory_that_is_full_is_counted()
    {
        var (quarantine, departed, remembered) =
            (new Quarantine(4, 2, _cycle), new DepartedPeers(4), new RememberedPeers(4));
        var random = new SeededRandom(1);
        for (var i = 0; i < 10; i++)
        {
            for (var twice = 0; twice < 2; twice++)
            {
                quarantine.Failed(Lone.At(i), At(i));
                departed.Add(Lone.Id(i), 1);
            }

            remembered.Add(Lone.At(i), ref random);
        }

        Assert.Equal((6, 6, 6), (quarantine.Forgotten, departed.Forgotten, remembered.Forgotten));
    }

    [Fact]
    public void A_nonce_is_new_once_until_128_others_came()
    {
        var ring = new ReplayRing();
        for (var nonce = 1ul; nonce <= 128; nonce++)
        {
            Assert.True(ring.TryAdd(nonce));
            Assert.False(ring.TryAdd(nonce));
        }

        Assert.False(ring.TryAdd(1));
        Assert.True(ring.TryAdd(129));
        Assert.True(ring.TryAdd(1));
        Assert.False(ring.TryAdd(129));
    }

    [Fact]
    public void A_departure_holds_for_its_incarnation_and_below()
    {
        var departed = new DepartedPeers(4);
        Assert.False(departed.Contains(new NodeId(1, 1), 5));
        departed.Add(new NodeId(1, 1), 5);
        departed.Add(new NodeId(1, 1), 3);
        Assert.True(departed.Contains(new NodeId(1, 1), 4));
        Assert.True(departed.Contains(new NodeId(1, 1), 5));
        Assert.False(departed.Contains(new NodeId(1, 1), 6));
        Assert.False(departed.Contains(new NodeId(1, 2), 1));
    }

    [Fact]
    public void The_earliest_departure_is_forgotten_first()
    {
        var departed = new DepartedPeers(4);
        for (var i = 1ul; i <= 5; i++)
        {
            departed.Add(new NodeId(1, i), 1);
        }

        Assert.False(departed.Contains(new NodeId(1, 1), 1));
        Assert.All(new ulong[] { 2, 3, 4, 5 }, i => Assert.True(departed.Contains(new NodeId(1, i), 1)));
    }

    [Fact]
    public void Quarantine_begins_with_the_kth_failure_in_a_row_and_ends_in_time_or_when_heard()
    {
        var quarantine = new Quarantine(4, 2, TimeSpan.FromMilliseconds(1000));
        var (a, b, fresh) = (Address(1), Address(2), At(1999));
        quarantine.Failed(a, At(0));
        Assert.False(quarantine.Holds(a, fresh, fresh, At(0)));
        quarantine.Heard(a);
        quarantine.Failed(a, At(0));
        Assert.False(quarantine.Holds(a, fresh, fresh, At(0)));
        quarantine.Failed(a, At(1000));
        quarantine.Failed(b, At(1000));
        Assert.True(quarantine.Holds(a, fresh, fresh, At(1999)));
        Assert.False(quarantine.Holds(a, fresh, fresh, At(2000)));
        Assert.False(quarantine.Holds(b, fresh, fresh, At(1000)));
        quarantine.Heard(a);
        Assert.False(quarantine.Holds(a, fresh, fresh, At(1000)));
        Assert.Equal(1, quarantine.Count);
    }

    [Fact]
    public void Old_news_stays_out_for_good_and_in_the_end_only_what_is_surely_newer_comes_in()
    {
        var quarantine = new Quarantine(4, 2, TimeSpan.FromMilliseconds(1000));
        quarantine.Failed(Address(1), At(500));
        Assert.True(quarantine.Holds(Address(1), At(499), At(498), At(1_000_000)));
        Assert.True(quarantine.Holds(Address(1), At(501), At(500), At(1500)));
        Assert.False(quarantine.Holds(Address(1), At(501), At(500), At(1499)));
        Assert.False(quarantine.Holds(Address(1), At(502), At(501), At(1500)));
    }

    [Fact]
    public void After_one_failure_only_what_was_spoken_later_brings_an_address_back()
    {
        var quarantine = new Quarantine(4, 2, TimeSpan.FromMilliseconds(1000));
        quarantine.Failed(Address(1), At(500));
        Assert.True(quarantine.Holds(Address(1), At(499), At(498), At(600)));
        Assert.True(quarantine.Holds(Address(1), At(500), At(498), At(600)));
        Assert.False(quarantine.Holds(Address(1), At(501), At(498), At(600)));
        quarantine.Heard(Address(1));
        Assert.False(quarantine.Holds(Address(1), At(499), At(498), At(600)));
    }

    [Fact]
    public void Quarantine_is_bounded_and_forgets_the_longest_ago()
    {
        var quarantine = new Quarantine(4, 1, TimeSpan.FromMilliseconds(1000));
        for (var i = 1; i <= 100; i++)
        {
            quarantine.Failed(Address(i), At(i));
            Assert.True(quarantine.Count <= 4);
        }

        Assert.False(quarantine.Holds(Address(96), At(200), At(200), At(200)));
        Assert.All([97, 98, 99, 100], i => Assert.True(quarantine.Holds(Address(i), At(200), At(200), At(200))));
    }

    [Fact]
    public void Quarantine_takes_more_addresses_where_peers_have_two_and_forgets_none_for_it()
    {
        var quarantine = new Quarantine(4, 1, TimeSpan.FromMilliseconds(1000));
        for (var i = 1; i <= 12; i++)
        {
            quarantine.Failed(Address(i), At(i));
            quarantine.MakeRoom(8);
            quarantine.MakeRoom(2);
        }

        Assert.Equal(8, quarantine.Count);
        Assert.False(quarantine.Holds(Address(4), At(200), At(200), At(200)));
        Assert.All(Enumerable.Range(5, 8), i => Assert.True(quarantine.Holds(Address(i), At(200), At(200), At(200))));
    }

    [Fact]
    public void Remembered_peers_are_bounded_distinct_and_can_be_removed() =>
        Gen.Select(Gen.ULong, Gen.Int[-30, 30].Array[0, 200]).Sample((seed, steps) =>
        {
            var random = new SeededRandom(seed);
            var remembered = new RememberedPeers(8);
            foreach (var step in steps)
            {
                if (step >= 0)
                {
                    var address = step == 0 ? NodeAddress.None : Address(step);
                    remembered.Add(address, ref random);
                }
                else
                {
                    remembered.Remove(Address(-step));
                }

                var all = Enumerable.Range(0, remembered.Count).Select(i => remembered[i]).ToArray();
                Assert.True(all.Length <= 8);
                Assert.Equal(all.Length, all.Distinct().Count());
                Assert.DoesNotContain(NodeAddress.None, all);
                Assert.True(step <= 0 || all.Contains(Address(step)));
                Assert.True(step >= 0 || !all.Contains(Address(-step)));
            }
        });

    private static Instant At(int ms) => Instant.Zero + TimeSpan.FromMilliseconds(ms);

    private static NodeAddress Address(int number) => NodeAddress.FromIPv4(0x0A000000u + (uint)number, 7000);
}
