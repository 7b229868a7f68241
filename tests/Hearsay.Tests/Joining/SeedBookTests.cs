using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Hearsay.Addresses;
using Hearsay.Diagnostics;
using Hearsay.Joining;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Joining;

public sealed class SeedBookTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLoggerProvider _log = new();
    private readonly ConcurrentDictionary<string, IPAddress[]> _names = new();
    private readonly ConcurrentQueue<string[]> _handedOver = new();
    private int _lookUps;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Addresses_are_handed_over_at_once_and_names_as_they_are_resolved()
    {
        using var gate = new ManualResetEventSlim();
        var book = Book(
            host =>
            {
                gate.Wait();
                return [IPAddress.Parse(host == "a.test" ? "10.0.0.1" : "10.0.0.2")];
            },
            "10.0.0.9:1", "a.test:2", "b.test:3");

        book.Resolve();
        Assert.Equal(["10.0.0.9:1"], Assert.Single(_handedOver));
        Assert.Equal([("a.test", false), ("b.test", false)], book.Unresolved);

        gate.Set();
        await Eventually.TrueAsync(() => _handedOver.Count == 3, "both names are handed over");
        Assert.Equal(["10.0.0.9:1", "10.0.0.1:2", "10.0.0.2:3"], _handedOver.Last());
        Assert.Empty(book.Unresolved);
    }

    [Fact]
    public async Task A_name_is_looked_up_at_every_request_and_its_latest_addresses_take_the_place_of_the_earlier()
    {
        _names["seeds.test"] = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")];
        var book = Book(LookUp, "seeds.test:7946");
        await ResolveAsync(book, handOvers: 1);

        _names["seeds.test"] = [IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.3")];
        await ResolveAsync(book, handOvers: 2);

        Assert.Equal(["10.0.0.2:7946", "10.0.0.3:7946"], _handedOver.Last());
        await ResolveAsync(book, handOvers: 1);
        Assert.Equal(3, _lookUps);
    }

    [Fact]
    public async Task A_name_that_is_gone_keeps_its_last_addresses()
    {
        _names["seeds.test"] = [IPAddress.Parse("10.0.0.1")];
        var book = Book(LookUp, "seeds.test:7946");
        await ResolveAsync(book, handOvers: 1);
        _names.Clear();
        await ResolveAsync(book, handOvers: 1);
        await Eventually.TrueAsync(() => Warnings() == 1, "it is told");
        Assert.Empty(book.Unresolved);
        await ResolveAsync(book, handOvers: 1);

        Assert.All(_handedOver, seeds => Assert.Equal(["10.0.0.1:7946"], seeds));
    }

    [Fact]
    public async Task A_dead_name_is_tried_and_told_ever_more_rarely_and_when_it_lives_that_is_told_too()
    {
        var book = Book(LookUp, "dead.test:1");
        for (var second = 0; second < 6 * 3600; second++)
        {
            book.Resolve();
            await Eventually.TrueAsync(() => !book.IsLookingUp, "the lookup has ended");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        // After 1, 2, 4, ... up to 60 s; warned of after 1, 2, 4, ... up to 60 min.
        Assert.InRange(_lookUps, 340, 370);
        await Eventually.TrueAsync(() => Warnings() >= 10, "it is told");
        Assert.InRange(Warnings(), 10, 12);

        Assert.Equal([("dead.test", true)], book.Unresolved);
        _names["dead.test"] = [IPAddress.Parse("10.0.0.1")];
        _time.Advance(TimeSpan.FromMinutes(1));
        book.Resolve();
        await Eventually.TrueAsync(
            () => Log().Any(line => line.Message == "Seed dead.test:1 is resolved now."), "its return is told");
    }

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0 is for listening on every address, and no node is reached there")]
    [InlineData("224.0.0.1", "224.0.0.1 is a multicast address")]
    [InlineData("ff02::1", "ff02::1 is a multicast address")]
    public async Task A_name_that_has_only_addresses_of_no_node_is_told_and_is_not_resolved(string address, string why)
    {
        _names["sink.test"] = [IPAddress.Parse(address)];
        var book = Book(LookUp, "sink.test:1");
        book.Resolve();
        var told = $"Seed sink.test:1 cannot be resolved: it has no address of a node: {why}. ";
        await Eventually.TrueAsync(
            () => Log().Any(line => line.Message.StartsWith(told, StringComparison.Ordinal)), "it is told");
        Assert.Equal([("sink.test", true)], book.Unresolved);
        Assert.Empty(_handedOver);

        // One that is of a node is enough.
        _names["sink.test"] = [IPAddress.Parse(address), IPAddress.Parse("10.0.0.1")];
        _time.Advance(TimeSpan.FromMinutes(1));
        book.Resolve();
        await Eventually.TrueAsync(
            () => _handedOver.Any(seeds => seeds.Contains("10.0.0.1:1")), "it is handed over");
    }

    [Fact]
    public async Task Of_many_addresses_of_a_name_a_random_choice_is_taken_each_time()
    {
        _names["many.test"] = [.. Enumerable.Range(0, 40).Select(i => IPAddress.Parse($"10.0.0.{i}"))];
        var book = Book(LookUp, "many.test:1");
        var seen = new HashSet<string>();
        for (var round = 0; round < 20; round++)
        {
            var before = _handedOver.Count;
            book.Resolve();
            await Eventually.TrueAsync(() => _handedOver.Count >= before + (round == 0 ? 1 : 2), "it is resolved");
            Assert.Equal(SeedName.MaximumAddresses, _handedOver.Last().Length);
            seen.UnionWith(_handedOver.Last());
        }

        Assert.Equal(40, seen.Count);
    }

    [Fact]
    public async Task Names_that_the_application_adds_are_looked_up_again_and_the_oldest_of_too_many_give_way()
    {
        var asked = new ConcurrentBag<string>();
        var book = Book(
            host =>
            {
                asked.Add(host);
                return [IPAddress.Loopback];
            },
            "seed.test:1");
        book.Add(["seed.test:1", "10.0.0.1:1", "added0.test:1"]);
        book.Add(Enumerable.Range(1, GossipNodeOptions.MaximumSeeds).Select(i => $"added{i}.test:1"));
        book.Resolve();

        await Eventually.TrueAsync(() => !book.IsLookingUp, "all are looked up");
        Assert.Equal(1 + GossipNodeOptions.MaximumSeeds, asked.Count);
        Assert.Contains("seed.test", asked);
        Assert.DoesNotContain("added0.test", asked);
    }

    private SeedBook Book(Func<string, IPAddress[]> lookUp, params string[] seeds)
    {
        var options = new GossipNodeOptions
        {
            Seeds = seeds, Time = _time, Names = new NameResolver(lookUp, TimeSpan.FromDays(1)),
        };
        return new SeedBook(options, new NodeLog(LiveNodes.Logging(_log)), addresses =>
            _handedOver.Enqueue([.. addresses.Select(address => address.ToString())]));
    }

    private IPAddress[] LookUp(string host)
    {
        Interlocked.Increment(ref _lookUps);
        return _names.TryGetValue(host, out var found) ? found
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    private async Task ResolveAsync(SeedBook book, int handOvers)
    {
        var goal = _handedOver.Count + handOvers;
        book.Resolve();
        await Eventually.TrueAsync(() => _handedOver.Count == goal && !book.IsLookingUp, "it is handed over");
        _time.Advance(TimeSpan.FromMinutes(2));
    }

    private int Warnings() => Log().Count(line => line.Level == LogLevel.Warning);

    private IReadOnlyList<FakeLogRecord> Log() => _log.Collector.GetSnapshot();
}
