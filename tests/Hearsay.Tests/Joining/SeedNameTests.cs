using System.Collections.Concurrent;
using System.Net;
using Hearsay.Addresses;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Joining;

/// <summary>Live nodes whose seeds are names.</summary>
public sealed class SeedNameTests
{
    [Fact]
    public async Task Islands_that_began_while_a_name_was_incomplete_become_one_network()
    {
        var time = new FakeTimeProvider();
        var network = new MemoryNetwork();

        // Three steps of the clock for an answer: it comes on the pool, which is late on a busy machine.
        await using var nodes = new LiveNodes(network, LiveNodes.Quick with
        {
            MinimumTimeout = TimeSpan.FromMilliseconds(80), MaximumTimeout = TimeSpan.FromMilliseconds(90),
        });
        NodeAddress[] addresses = [.. Enumerable.Range(0, 4).Select(_ => network.NewAddress())];
        // Each pair has a name server of its own, which does not know the other pair yet.
        NodeAddress[][] answers = [addresses[..2], addresses[2..]];
        NameResolver[] resolvers =
        [
            ResolverOf(() => Volatile.Read(ref answers[0])), ResolverOf(() => Volatile.Read(ref answers[1])),
        ];
        for (var i = 0; i < 4; i++)
        {
            await nodes.StartAsync(nodes.Options with
            {
                Bind = addresses[i].ToString(), Seeds = ["seeds.test"], Names = resolvers[i / 2], Time = time,
            });
            if (i % 2 == 1)
            {
                await PassAsync(time, () => nodes.All.Skip(i - 1).All(node => node.ViewCount == 1), "a pair met");
            }
        }

        Assert.All(nodes.All, node => Assert.True(node.ViewCount <= 1, "two islands"));
        Volatile.Write(ref answers[0], addresses);
        Volatile.Write(ref answers[1], addresses);
        await PassAsync(time, () => nodes.All.All(node => node.ViewCount == 3), "all four met");
    }

    [Fact]
    public async Task Dead_names_keep_no_node_from_joining_through_a_seed_that_lives()
    {
        using var never = new ManualResetEventSlim();
        var resolver = new NameResolver(
            _ =>
            {
                never.Wait();
                return [];
            },
            TimeSpan.FromDays(1));
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        var node = await nodes.StartAsync(nodes.Options with
        {
            Names = resolver,
            Seeds = [.. Enumerable.Range(0, 31).Select(i => $"dead{i}.test"), nodes.First.LocalAddress.ToString()],
        });

        await node.WaitForPeersAsync().WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        never.Set();
    }

    [Fact]
    public async Task A_misspelt_cluster_is_told_to_who_misspelt_it()
    {
        var log = new FakeLoggerProvider();
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        var joiner = await nodes.StartAsync(nodes.Options with
        {
            Cluster = "defualt", LoggerFactory = LiveNodes.Logging(log),
        });

        await Eventually.TrueAsync(
            () => log.Collector.GetSnapshot().Any(line => line.Message.StartsWith(
                $"The node at {nodes.First.LocalAddress} answers that it belongs to "
                    + "another cluster", StringComparison.Ordinal)),
            "it is told");
        Assert.Equal(0, joiner.ViewCount);
    }

    private static NameResolver ResolverOf(Func<NodeAddress[]> addresses) => new(
        _ => [.. addresses().Select(address => address.ToIPEndPoint().Address)], TimeSpan.FromDays(1));

    /// <summary>Lets time pass, and stand still while the pool has work to do.</summary>
    private static async Task PassAsync(FakeTimeProvider time, Func<bool> condition, string what) =>
        await Eventually.TrueAsync(
            () =>
            {
                if (ThreadPool.PendingWorkItemCount == 0)
                {
                    time.Advance(TimeSpan.FromMilliseconds(25));
                }

                return condition();
            },
            what);
}
