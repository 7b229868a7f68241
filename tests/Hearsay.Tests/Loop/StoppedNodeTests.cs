using System.Net;
using System.Reflection;
using Hearsay.Addresses;
using Hearsay.Diagnostics;
using Hearsay.Loop;
using Hearsay.Tests.Features.Maps;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Loop;

public sealed class StoppedNodeTests
{
    /// <summary>What ends a node or an aggregate may be called again.</summary>
    private static readonly string[] s_repeatable = ["LeaveAsync", "DisposeAsync", "Dispose"];

    [Fact]
    public void Logs_and_exceptions_name_the_type_that_the_application_holds()
    {
        Assert.Equal(NodeLog.Category, typeof(GossipNode).FullName);
        Assert.Equal(typeof(GossipNode).FullName, StoppedNode.Exception().ObjectName);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_method_of_a_node_that_has_stopped_and_of_what_it_gave_says_so(bool leaves)
    {
        await using var nodes = new LiveNodes();
        var node = await nodes.StartAsync(nodes.Options with
        {
            Protocols = [new TestProtocol()], Rumors = new RumorOptions(), Maps = new MapOptions(),
        });
        var (topic, name, map) = (node.GetTopic("t"), node.GetAggregate("a"), node.GetMap("m"));
        var aggregate = name.Average(() => 1);
        if (leaves)
        {
            await node.LeaveAsync();
        }
        else
        {
            await node.DisposeAsync();
        }

        await AllThrowAsync(OfNode(node));
        await AllThrowAsync(OfTopic(topic));
        await AllThrowAsync(OfAggregate(aggregate));
        await AllThrowAsync(OfName(name));
        await AllThrowAsync(OfRumors(node.Rumors));
        await AllThrowAsync(OfMap(map));
        CoversEveryMethod(typeof(GossipMap), OfMap(map));
        CoversEveryMethod(typeof(GossipNode), OfNode(node));
        CoversEveryMethod(typeof(Topic), OfTopic(topic));
        CoversEveryMethod(typeof(Aggregate), OfAggregate(aggregate));
        CoversEveryMethod(typeof(NodeRumors), OfRumors(node.Rumors));
        Assert.Equal(node.LocalAddress, node.Addresses.IPv4);
        await node.LeaveAsync();
        await node.DisposeAsync();
        aggregate.Dispose();
    }

    [Fact]
    public async Task Every_method_of_a_node_that_stopped_because_its_id_was_taken_names_the_conflict()
    {
        using var directory = new TemporaryDirectory();
        using var copied = new TemporaryDirectory();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var original = await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });
        directory.CopyIdentityTo(copied);
        var clone = await nodes.StartAsync(nodes.Options with
        {
            Seeds = [],
            DataDirectory = copied.Path,
            OnIdConflict = IdConflictAction.Stop,
            Protocols = [new TestProtocol()],
            Rumors = new RumorOptions(),
            Maps = new MapOptions(),
        });
        var (topic, name) = (clone.GetTopic("t"), clone.GetAggregate("a"));
        var aggregate = name.Average(() => 1);
        await clone.ContactAsync([original.LocalAddress.ToString()]);
        await Assert.ThrowsAsync<IdConflictException>(() => clone.Completion.WaitAsync(Eventually.Deadline));

        await AllNameAsync(original, OfNode(clone));
        await AllNameAsync(original, OfTopic(topic));
        await AllNameAsync(original, OfAggregate(aggregate));
        await AllNameAsync(original, OfName(name));
        await AllNameAsync(original, OfRumors(clone.Rumors));
        await clone.LeaveAsync();
        await clone.DisposeAsync();
        aggregate.Dispose();
    }

    [Fact]
    public async Task Everything_that_waits_for_a_node_when_it_stops_is_told_so_and_sequences_end()
    {
        var network = new MemoryNetwork();
        await using var nodes = new LiveNodes(network);
        var node = await nodes.StartAsync(nodes.Options with
        {
            Seeds = [network.NewAddress().ToString()],
            Protocols = [new TestProtocol()],
            Rumors = new RumorOptions
            {
                CycleTime = TimeSpan.FromHours(1), MemoryTime = TimeSpan.FromHours(100), NewPerCycle = 1,
            },
        });
        await node.Rumors.SpreadAsync("x");
        var (topic, aggregate) = (node.GetTopic("t"), node.GetAggregate("a").Define(AggregateKind.Average, null));
        var tracked = await topic.PublishTrackedAsync("x");
        var waits = new Dictionary<string, Func<Task>>
        {
            ["peers"] = Already(node.WaitForPeersAsync()),
            ["tracked"] = Already(tracked.WaitForNodesAsync(2)),
            ["neighbours"] = Already(topic.WaitForNeighboursAsync()),
            ["estimate"] = Already(aggregate.GetAsync()),
            ["spreading"] = Already(node.Rumors.SpreadAsync("there is no room in this cycle")),
        };
        Task[] sequences =
        [
            FirstAsync(node.WatchViewAsync()), FirstAsync(node.WatchEventsAsync()), FirstAsync(topic.Subscribe()),
            FirstAsync(aggregate.WatchAsync()), FirstAsync(node.Rumors.Subscribe()),
        ];

        await node.LeaveAsync();

        await AllThrowAsync(waits);
        await Task.WhenAll(sequences).WaitAsync(Eventually.Deadline);
    }

    [Fact]
    public async Task A_method_called_while_the_node_stops_says_so_too()
    {
        using var hold = new ManualResetEventSlim();
        var protocol = new TestProtocol { OnCommand = _ => hold.Wait(Eventually.Deadline) };
        await using var nodes = new LiveNodes();
        var node = await nodes.StartAsync(nodes.Options with { Protocols = [protocol] });
        Assert.True(node.Post(protocol.Id, "hold"));

        var leaving = node.LeaveAsync();

        await AllThrowAsync(OfNode(node));
        hold.Set();
        await leaving.WaitAsync(Eventually.Deadline);
    }

    [Fact]
    public async Task An_aggregate_that_was_disposed_says_so_while_its_node_runs()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync();
        var aggregate = node.GetAggregate("a").Average(() => 1);
        aggregate.Dispose();

        await AllThrowAsync(OfAggregate(aggregate));
    }

    [Fact]
    public async Task A_sampler_of_a_node_that_has_stopped_finds_nobody()
    {
        await using var nodes = await new LiveNodes().StartManyAsync(2);
        var node = nodes.First;
        await node.WaitForPeersAsync();
        using var sampler = node.CreateSampler();
        Assert.True(sampler.TryGetPeer(out _));

        await node.LeaveAsync();

        Assert.False(sampler.TryGetPeer(out _));
        Assert.Empty(sampler.GetPeers(3));
    }

    [Fact]
    public async Task A_start_that_is_cancelled_already_starts_nothing()
    {
        await using var nodes = new LiveNodes();
        var address = (await nodes.StartAsync()).LocalAddress;
        await nodes.First.LeaveAsync();
        using var directory = new TemporaryDirectory();
        var options = nodes.Options with
        {
            Bind = address.ToString(), Seeds = [], DataDirectory = directory.Path,
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => GossipNode.StartAsync(options, new CancellationToken(canceled: true)));

        // Port and directory are free.
        Assert.Equal(address, (await nodes.StartAsync(options)).LocalAddress);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_while_it_binds_frees_what_it_has_bound()
    {
        await using var nodes = new LiveNodes();
        using var cancelled = new CancellationTokenSource();
        var free = (await nodes.StartAsync()).LocalAddress;
        await nodes.First.LeaveAsync();
        var options = nodes.Options with
        {
            // Asked for its addresses when the sockets are bound.
            Bind = $"0.0.0.0:{free.Port}", Seeds = [], Host = new AskedHost(cancelled.Cancel),
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GossipNode.StartAsync(options, cancelled.Token));

        Assert.True(cancelled.IsCancellationRequested);
        var again = await nodes.StartAsync(nodes.Options with { Bind = free.ToString(), Seeds = [] });
        Assert.Equal(free, again.LocalAddress);
    }

    private static Peer Somebody => new(new NodeId(1, 2), new NodeAddresses(default), 1, 0, null);

    private static Dictionary<string, Func<Task>> OfNode(GossipNode node) => new()
    {
        ["TryGetPeer(out Peer)"] = Now(() => node.TryGetPeer(out _)),
        ["TryGetPeer(out Peer, out SampleOrigin)"] = Now(() => node.TryGetPeer(out _, out _)),
        ["GetPeers(Int32)"] = Now(() => node.GetPeers(1)),
        ["GetPeers(Span<Peer>)"] = Now(() => node.GetPeers(new Peer[1])),
        ["GetView()"] = Now(() => node.GetView()),
        ["GetDiagnostics()"] = Now(() => node.GetDiagnostics()),
        ["CreateSampler(SamplingPolicy)"] = Now(() => node.CreateSampler()),
        ["CreateSampler(IPeerWeight, SamplingPolicy)"] = Now(() => node.CreateSampler(new AnyPeer())),
        ["WaitForPeersAsync(Int32, CancellationToken)"] = () => node.WaitForPeersAsync(),
        ["WatchViewAsync(CancellationToken)"] = () => FirstAsync(node.WatchViewAsync()),
        ["WatchEventsAsync(CancellationToken)"] = () => FirstAsync(node.WatchEventsAsync()),
        ["Post(Byte, Object)"] = Now(() => node.Post(200, "x")),
        ["SetMetadataAsync(ReadOnlyMemory<Byte>, CancellationToken)"] = () => node.SetMetadataAsync(new byte[1]),
        ["SetCycleTimeAsync(TimeSpan, CancellationToken)"] = () => node.SetCycleTimeAsync(TimeSpan.FromSeconds(1)),
        ["GetMetadataAsync(in Peer, CancellationToken)"] = async () => await node.GetMetadataAsync(default),
        ["ContactAsync(IEnumerable<String>, CancellationToken)"] = () => node.ContactAsync(["a"]),
        ["ContactAsync(IEnumerable<EndPoint>, CancellationToken)"] =
            () => node.ContactAsync([new IPEndPoint(IPAddress.Loopback, 1)]),
        ["SetAdvertisedAddressAsync(String, CancellationToken)"] = () => node.SetAdvertisedAddressAsync("127.0.0.1"),
        ["SetAdvertisedAddressAsync(EndPoint, CancellationToken)"] =
            () => node.SetAdvertisedAddressAsync(new IPEndPoint(IPAddress.Loopback, 0)),
        ["GetTopic(String)"] = Now(() => node.GetTopic("t")),
        ["GetAggregate(String)"] = Now(() => node.GetAggregate("a")),
        ["RequestAsync(Peer, String, ReadOnlyMemory<Byte>, CancellationToken)"] =
            () => node.RequestAsync(Somebody, "n", new byte[1]),
        ["RequestAsync(Peer, String, String, CancellationToken)"] = () => node.RequestAsync(Somebody, "n", "x"),
        ["HandleRequests(String, RequestHandler)"] = Now(() => node.HandleRequests(
            "n", static (request, _) => ValueTask.FromResult(request.Payload))),
        ["GetMap(String)"] = Now(() => node.GetMap("m")),
    };

    private static Dictionary<string, Func<Task>> OfMap(GossipMap map) => new()
    {
        ["TryGet(String, out MapEntry)"] = Now(() => map.TryGet("k", out _)),
        ["Snapshot()"] = Now(map.Snapshot),
        ["Entries(String)"] = Now(() => map.Entries()),
        ["SetAsync(String, ReadOnlyMemory<Byte>, WriteConcern, CancellationToken)"] =
            () => map.SetAsync("k", new byte[1]),
        ["SetAsync(String, String, WriteConcern, CancellationToken)"] = () => map.SetAsync("k", "v"),
        ["SetAsync(String, T, JsonTypeInfo<T>, WriteConcern, CancellationToken)"] =
            () => map.SetAsync("k", new GossipMapTests.Point(1, 2), GossipMapTests.Types.Default.Point),
        ["SetAsync(String, ReadOnlyMemory<Byte>, TimeSpan, WriteConcern, CancellationToken)"] =
            () => map.SetAsync("k", new byte[1], TimeSpan.FromHours(1)),
        ["SetAsync(String, String, TimeSpan, WriteConcern, CancellationToken)"] =
            () => map.SetAsync("k", "v", TimeSpan.FromHours(1)),
        ["AddAsync(String, String, TimeSpan, WriteConcern, CancellationToken)"] =
            () => map.AddAsync("k", "e", TimeSpan.FromHours(1)),
        ["RaiseAsync(String, TimeSpan, WriteConcern, CancellationToken)"] =
            () => map.RaiseAsync("k", TimeSpan.FromHours(1)),
        ["Field(String, String)"] = () => map.Field("k", "f").SetAsync("v"),
        ["ImportAsync(Stream, WriteConcern, CancellationToken)"] =
            () => map.ImportAsync(new MemoryStream("""{"key":"k","value":"v"}"""u8.ToArray())),
        ["RemoveAsync(String, WriteConcern, CancellationToken)"] = () => map.RemoveAsync("k"),
        ["RemoveAsync(String, String, WriteConcern, CancellationToken)"] = () => map.RemoveAsync("k", "e"),
        ["IncrementAsync(String, Int64, WriteConcern, CancellationToken)"] = () => map.IncrementAsync("k"),
        ["AddAsync(String, String, WriteConcern, CancellationToken)"] = () => map.AddAsync("k", "e"),
        ["RaiseAsync(String, WriteConcern, CancellationToken)"] = () => map.RaiseAsync("k"),
        ["WriteAsync(MapBatch, WriteConcern, CancellationToken)"] = () => map.WriteAsync(new MapBatch().Raise("k")),
        ["WatchAsync(String, Int32, CancellationToken)"] = () => FirstAsync(map.WatchAsync()),
        ["ReadStatusAsync(CancellationToken)"] = () => map.ReadStatusAsync(),
    };

    private static Dictionary<string, Func<Task>> OfTopic(Topic topic) => new()
    {
        ["PublishAsync(ReadOnlyMemory<Byte>, CancellationToken)"] = () => topic.PublishAsync(new byte[1]),
        ["PublishAsync(String, CancellationToken)"] = () => topic.PublishAsync("x"),
        ["PublishTrackedAsync(ReadOnlyMemory<Byte>, CancellationToken)"] = () => topic.PublishTrackedAsync(new byte[1]),
        ["PublishTrackedAsync(String, CancellationToken)"] = () => topic.PublishTrackedAsync("x"),
        ["WaitForNeighboursAsync(Int32, CancellationToken)"] = () => topic.WaitForNeighboursAsync(),
        ["Subscribe(TopicSubscriptionOptions)"] = Now(() => topic.Subscribe()),
    };

    private static Dictionary<string, Func<Task>> OfAggregate(Aggregate aggregate) => new()
    {
        ["GetAsync(CancellationToken)"] = () => aggregate.GetAsync(),
        ["GetWithinAsync(Double, CancellationToken)"] = () => aggregate.GetWithinAsync(0.1),
        ["WatchAsync(CancellationToken)"] = () => FirstAsync(aggregate.WatchAsync()),
        ["WatchCyclesAsync(CancellationToken)"] = () => FirstAsync(aggregate.WatchCyclesAsync()),
    };

    private static Dictionary<string, Func<Task>> OfRumors(NodeRumors rumors) => new()
    {
        ["SpreadAsync(ReadOnlyMemory<Byte>, CancellationToken)"] = () => rumors.SpreadAsync(new byte[1]),
        ["SpreadAsync(String, CancellationToken)"] = () => rumors.SpreadAsync("x"),
        ["Subscribe(Int32, Action<Int64>)"] = Now(() => rumors.Subscribe()),
    };

    /// <summary>All its other methods define as <see cref="NamedAggregate.Average"/> does.</summary>
    private static Dictionary<string, Func<Task>> OfName(NamedAggregate name) => new()
    {
        ["Average"] = Now(() => name.Average(() => 1)),
        ["Quantile"] = Now(() => name.Quantile(0.5)),
        ["TryRead"] = Now(() => name.TryRead(out _)),
    };

    private static async Task AllThrowAsync(Dictionary<string, Func<Task>> calls)
    {
        foreach (var (name, call) in calls)
        {
            var thrown = await Record.ExceptionAsync(() => call().WaitAsync(Eventually.Deadline));
            Assert.True(thrown is ObjectDisposedException { InnerException: null }, $"{name}: {thrown}");
        }
    }

    private static async Task AllNameAsync(GossipNode original, Dictionary<string, Func<Task>> calls)
    {
        foreach (var (name, call) in calls)
        {
            var thrown = await Record.ExceptionAsync(() => call().WaitAsync(Eventually.Deadline));
            Assert.True(thrown is ObjectDisposedException { InnerException: IdConflictException conflict }
                && conflict.Id == original.Id, $"{name}: {thrown}");
        }
    }

    private static void CoversEveryMethod(Type type, Dictionary<string, Func<Task>> calls)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var methods = type.GetMethods(Own)
            .Where(method => !method.IsSpecialName && !s_repeatable.Contains(method.Name))
            .Where(static method => method.GetCustomAttribute<ObsoleteAttribute>() is null)
            .Select(method => $"{method.Name}({string.Join(", ", method.GetParameters().Select(Spelling))})");
        Assert.Equal(methods.Order(), calls.Keys.Order());
    }

    private static string Spelling(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var prefix = parameter.IsOut ? "out " : type.IsByRef ? "in " : "";
        type = type.IsByRef ? type.GetElementType()! : type;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name));
        return prefix + (type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`')]}<{arguments}>" : type.Name);
    }

    private static Func<Task> Already(Task waiting) => () => waiting;

    private static Func<Task> Now<T>(Func<T> call) => () =>
    {
        call();
        return Task.CompletedTask;
    };

    private static async Task FirstAsync<T>(IAsyncEnumerable<T> sequence)
    {
        await foreach (var _ in sequence)
        {
            return;
        }
    }

    private sealed class AnyPeer : IPeerWeight
    {
        public double WeightOf(in Peer peer) => 1;
    }

    private sealed class AskedHost(Action asked) : IHostNetwork
    {
        public IReadOnlyList<HostAddress> Addresses
        {
            get
            {
                asked();
                return HostNetwork.System.Addresses;
            }
        }

        public IPAddress? Towards(IPEndPoint target) => HostNetwork.System.Towards(target);

        public IDisposable Watch(Action changed) => HostNetwork.System.Watch(changed);
    }
}
