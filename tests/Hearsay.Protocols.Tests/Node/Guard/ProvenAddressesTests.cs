using Hearsay.Protocols.Node.Guard;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node.Guard;

public sealed class ProvenAddressesTests
{
    private const int Capacity = ProvenAddresses.Capacity;

    [Fact]
    public void The_table_is_nearly_full_before_it_grows()
    {
        // A table that grew whenever one bucket is full had twice the places in 85 of 100 cases.
        var grown = 0;
        for (var secret = 0UL; secret < 200; secret++)
        {
            var proven = Filled(secret, 33);
            var before = proven.StateBytes;
            Fill(proven, 33, 49);
            grown += proven.StateBytes > before ? 1 : 0;
        }

        Assert.InRange(grown, 0, 2);
    }

    [Fact]
    public void No_address_is_lost_when_the_table_grows()
    {
        for (var secret = 0UL; secret < 50; secret++)
        {
            var proven = new ProvenAddresses(secret, 0);
            for (var i = 0; proven.Displaced == 0 && i < Capacity; i++)
            {
                proven.Add(VirtualNetwork.AddressOf(i), At(i));
                for (var j = 0; proven.Displaced == 0 && j <= i; j++)
                {
                    Assert.True(proven.Contains(VirtualNetwork.AddressOf(j), At(i)));
                }
            }

            Assert.False(proven.Contains(VirtualNetwork.AddressOf(Capacity + 1), At(Capacity)));
        }
    }

    [Fact]
    public void It_stops_growing_and_then_old_ones_give_way()
    {
        var proven = Filled(7, 4 * Capacity);
        var full = proven.StateBytes;
        Fill(proven, 4 * Capacity, 5 * Capacity);
        Assert.Equal(full, proven.StateBytes);
        var now = At(5 * Capacity);
        var known = Enumerable.Range(0, 5 * Capacity)
            .Where(i => proven.Contains(VirtualNetwork.AddressOf(i), now)).ToArray();
        Assert.InRange(known.Length, Capacity * 9 / 10, Capacity);
        Assert.Equal(5 * Capacity, known.Length + proven.Displaced);
        // The one that gives way is the oldest of two buckets, so few are older than twice the table.
        Assert.InRange(known.Count(i => i < 3 * Capacity), 0, Capacity / 50);
    }

    [Fact]
    public void Who_is_vouched_for_stays_whoever_comes()
    {
        var proven = new ProvenAddresses(9, 1);
        proven.Vouch(VirtualNetwork.AddressOf(0));
        Fill(proven, 1, 5 * Capacity);
        proven.Add(VirtualNetwork.AddressOf(0), At(5 * Capacity));
        Assert.True(proven.Contains(VirtualNetwork.AddressOf(0), At(1_000_000)));
    }

    [Fact]
    public void An_address_not_heard_of_for_ten_minutes_must_prove_itself_again()
    {
        var proven = Filled(3, 1);
        Assert.True(proven.Heard(VirtualNetwork.AddressOf(0), At(10_000)));
        Assert.True(proven.Contains(VirtualNetwork.AddressOf(0), At(10_000) + TimeSpan.FromMinutes(10)));
        Assert.False(proven.Contains(VirtualNetwork.AddressOf(0), At(10_000) + TimeSpan.FromMinutes(11)));
        Assert.False(proven.Heard(VirtualNetwork.AddressOf(0), At(10_000) + TimeSpan.FromMinutes(11)));
    }

    private static Instant At(int number) => Instant.Zero + TimeSpan.FromSeconds(number / 20.0);

    private static ProvenAddresses Filled(ulong secret, int count)
    {
        var proven = new ProvenAddresses(secret, 0);
        Fill(proven, 0, count);
        return proven;
    }

    private static void Fill(ProvenAddresses proven, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            proven.Add(VirtualNetwork.AddressOf(i), At(i));
        }
    }
}
