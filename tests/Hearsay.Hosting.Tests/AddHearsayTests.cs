using System.Net;
using Hearsay.Protocols;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hearsay.Hosting.Tests;

public sealed class AddHearsayTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_starts_a_node_with_the_options_of_its_configuration()
    {
        using var host = HostWith(
            services => services.AddHearsay(Section(
                ("Bind", "127.0.0.1:0"), ("Seeds:0", "127.0.0.1:1"), ("Seeds:1", "x:2"), ("Cluster", "c"),
                ("Metadata", "h\u00e9"), ("Sampling:Preset", "swapper"), ("Sampling:ViewSize", "20"),
                ("Sampling:CycleTime", "00:00:00.250"), ("Sampling:Jitter", "0.2"), ("Sampling:Fanout", "2"),
                ("Sampling:Selection", "tail"), ("Sampling:EvictOnTimeout", "false"),
                ("LeaveTimeout", "00:00:03"))));
        var hearsay = host.Services.GetRequiredService<IHearsay>();
        var waiting = hearsay.WhenStartedAsync(Cancellation);
        Assert.Throws<InvalidOperationException>(() => hearsay.Node);

        await host.StartAsync(Cancellation);

        var node = await waiting;
        Assert.Same(node, hearsay.Node);
        Assert.NotEqual(0, node.LocalAddress.Port);
        var (options, sampling) = (node.Options, node.Options.Sampling);
        Assert.Equal(["127.0.0.1:1", "x:2"], options.Seeds);
        Assert.Equal("c", options.Cluster);
        Assert.Equal(TimeSpan.FromSeconds(3), options.LeaveTimeout);
        Assert.Equal([0x68, 0xC3, 0xA9], options.Metadata.ToArray());
        Assert.Equal((20, 0, 10), (sampling.ViewSize, sampling.EffectiveHealing, sampling.EffectiveSwap));
        Assert.Equal((TimeSpan.FromMilliseconds(250), 0.2, 2), (sampling.CycleTime, sampling.Jitter, sampling.Fanout));
        Assert.Equal((PeerSelection.Tail, false), (sampling.Selection, sampling.EvictOnTimeout));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_service_that_is_stopped_while_it_starts_leaves_no_node_behind()
    {
        var (network, stopsItself) = (new MemoryNetwork(), default(IHostedService));
        var bind = network.NewAddress().ToString();
        using var host = HostWith(services => services.AddSingleton(network).AddHearsay(options =>
        {
            options.Bind = bind;
            stopsItself?.StopAsync(CancellationToken.None).Wait(Deadline);
        }));
        stopsItself = host.Services.GetServices<IHostedService>().Single(s => s is HearsayService);

        await stopsItself.StartAsync(Cancellation);

        await using var another = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = bind, Network = network }, Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => host.Services.GetRequiredService<IHearsay>().WhenStartedAsync(Cancellation));
    }

    [Fact]
    public void Options_that_are_not_set_are_those_of_a_node_without_host()
    {
        var mapped = HearsayOptionsMapping.ToNodeOptions(new HearsayOptions());
        Assert.Equal(new GossipNodeOptions().Sampling, mapped.Sampling);
        Assert.Equal(
            new GossipNodeOptions() with { Seeds = mapped.Seeds, Metadata = mapped.Metadata }, mapped);
    }

    [Fact]
    public async Task Wrong_options_stop_the_start_and_are_all_named_with_what_is_allowed()
    {
        using var host = HostWith(services => services.AddHearsay(options =>
        {
            options.Sampling = options.Sampling with { Fanout = 0 };
            options.Bind = "everywhere";
        }));

        var wrong = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));

        Assert.Equal(2, wrong.Failures.Count());
        Assert.Contains("Fanout must be from 1 to ViewSize = 30, not 0.", wrong.Failures);
        Assert.Contains(wrong.Failures, failure => failure.StartsWith("Bind must be", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_fails_is_told_to_who_waits_for_the_node()
    {
        using var first = HostWith(services => services.AddHearsay(options => options.Bind = "127.0.0.1:0"));
        await first.StartAsync(Cancellation);
        var taken = first.Services.GetRequiredService<IHearsay>().Node.LocalAddress.ToString();
        using var second = HostWith(services => services.AddHearsay(options => options.Bind = taken));
        var waiting = second.Services.GetRequiredService<IHearsay>().WhenStartedAsync(Cancellation);

        await Assert.ThrowsAsync<IOException>(() => second.StartAsync(Cancellation));
        await Assert.ThrowsAsync<IOException>(() => waiting);
    }

    [Fact]
    public async Task The_node_leaves_when_the_host_stops()
    {
        using var host = HostWith(services => services.AddHearsay(Quick()));
        await host.StartAsync(Cancellation);
        var node = host.Services.GetRequiredService<IHearsay>().Node;

        // A peer that does not answer stays in the view, so only the word of the one that leaves can remove it.
        await using var other = await GossipNode.StartAsync(
            new GossipNodeOptions
            {
                Bind = "127.0.0.1:0", Seeds = [node.LocalAddress.ToString()],
                RandomSeed = Hearsay.Tests.LiveSeed.Next(),
                Sampling = new PeerSamplingOptions { EvictOnTimeout = false },
            },
            Cancellation);
        await other.WaitForPeersAsync(1, Cancellation).WaitAsync(Deadline, Cancellation);

        // A node that knows nobody yet has nobody to tell. What it sends to an address that never answered may wait.
        using var late = new CancellationTokenSource(Deadline);
        while (node.Counters.ExchangesCompleted == 0)
        {
            await Task.Delay(10, late.Token);
        }

        await using var changes = other.WatchViewAsync(late.Token).GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync());

        await host.StopAsync(Cancellation);

        while (changes.Current.Kind != ViewChangeKind.Removed)
        {
            Assert.True(await changes.MoveNextAsync());
        }

        Assert.Equal(1, other.Counters.Departures);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => node.WaitForPeersAsync(1, Cancellation));
    }

    [Fact]
    public async Task A_host_that_never_started_is_disposed_and_who_waits_is_released()
    {
        var host = HostWith(services => services.AddHearsay(Quick()));
        var waiting = host.Services.GetRequiredService<IHearsay>().WhenStartedAsync(Cancellation);
        host.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Samplers_are_injected_before_the_start_one_for_each_consumer()
    {
        var network = new MemoryNetwork();
        var seed = network.NewAddress().ToString();
        await using var other = await GossipNode.StartAsync(
            new GossipNodeOptions { Bind = seed, Network = network }, Cancellation);
        using var host = HostWith(services => services.AddSingleton(network).AddHearsay(options =>
        {
            options.Bind = network.NewAddress().ToString();
            options.Seeds.Add(seed);
        }));
        var samplers = new[]
        {
            host.Services.GetRequiredService<IPeerSampler>(), host.Services.GetRequiredService<IPeerSampler>(),
        };
        Assert.False(samplers[0].TryGetPeer(out _));
        Assert.Empty(samplers[0].GetPeers(3));
        Assert.Equal(0, samplers[0].GetPeers(new Peer[2]));

        await host.StartAsync(Cancellation);
        await host.Services.GetRequiredService<IHearsay>().Node
            .WaitForPeersAsync(1, Cancellation).WaitAsync(Deadline, Cancellation);

        Assert.All(samplers, sampler =>
        {
            Assert.True(sampler.TryGetPeer(out var peer, out var origin));
            Assert.Equal((other.Id, SampleOrigin.Fresh), (peer.Id, origin));
        });
        Assert.Equal(1, samplers[0].Quality.Draws);
    }

    [Fact]
    public void Too_many_samplers_are_refused_with_the_reason_and_scopes_give_them_back()
    {
        using var host = HostWith(services => services.AddHearsay(Quick()));
        for (var i = 0; i < 100; i++)
        {
            using var scope = host.Services.CreateScope();
            scope.ServiceProvider.GetRequiredService<IPeerSampler>();
        }

        for (var i = 0; i < 63; i++)
        {
            host.Services.GetRequiredService<IPeerSampler>();
        }

        var refused = Assert.Throws<InvalidOperationException>(
            () => host.Services.GetRequiredService<IPeerSampler>());
        Assert.Contains("At most 63 samplers", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_cluster_has_its_own_key_options_and_protocols()
    {
        var protocol = new NoProtocol();
        using var host = HostWith(services => services
            .AddHearsay(Quick()).Services
            .AddHearsay("other", options => (options.Bind, options.Cluster) = ("127.0.0.1:0", "other")).Services
            .AddKeyedSingleton<IProtocol>("other", protocol));
        await host.StartAsync(Cancellation);

        var first = host.Services.GetRequiredService<IHearsay>().Node;
        var second = host.Services.GetRequiredKeyedService<IHearsay>("other").Node;
        Assert.NotSame(first, second);
        Assert.Equal(("default", "other"), (first.Options.Cluster, second.Options.Cluster));
        Assert.Empty(first.Options.Protocols);
        Assert.Same(protocol, Assert.Single(second.Options.Protocols));
        Assert.NotNull(host.Services.GetRequiredKeyedService<IPeerSampler>("other"));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_mistake_in_a_second_cluster_names_the_cluster()
    {
        using var host = HostWith(services => services
            .AddHearsay(Quick()).Services.AddHearsay("other", Section(("Sampling:ViewSize", "7"))));
        var wrong = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        Assert.Equal("other: ViewSize must be even and from 4 to 256, not 7.", Assert.Single(wrong.Failures));
    }

    [Theory]
    [InlineData("Clutser", "prices", "Clutser")]
    [InlineData("Seeds", "127.0.0.1:7001", "Seeds")]
    [InlineData("Sampling:ViewSize", "many", "ViewSize")]
    public async Task A_misspelt_key_or_a_text_in_place_of_a_list_stops_the_start(string key, string value,
        string named)
    {
        using var host = HostWith(services => services.AddHearsay(Section(("Bind", "127.0.0.1:0"), (key, value))));
        var refused = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);

        // A host prints it in its log, and the runtime once more: one line each, without the stack of the binder.
        Assert.DoesNotContain('\n', refused.ToString());
    }

    [Fact]
    public async Task The_section_of_a_feature_is_bound_by_the_features_own_record()
    {
        using var host = HostWith(services => services.AddHearsay(Section(
            ("Bind", "127.0.0.1:0"), ("Rumors:Mode", "push"), ("Rumors:k", "5"), ("Rumors:CycleTime", "00:00:02"),
            ("Rumors:Feedback", "false"))));
        await host.StartAsync(Cancellation);

        var node = host.Services.GetRequiredService<IHearsay>().Node;
        Assert.Equal(
            new RumorOptions { Mode = RumorMode.Push, K = 5, CycleTime = TimeSpan.FromSeconds(2), Feedback = false },
            node.Options.Rumors);
        Assert.Equal(0, node.Rumors.Counters.Begun);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task The_section_of_maps_is_bound_and_its_limits_are_checked()
    {
        using var host = HostWith(services => services.AddHearsay(Section(
            ("Bind", "127.0.0.1:0"), ("Maps:CycleTime", "00:00:02"), ("Maps:MaximumKeys", "7"),
            ("Maps:MaximumBytes", "4096"), ("Maps:Secret", "word"))));
        await host.StartAsync(Cancellation);

        var node = host.Services.GetRequiredService<IHearsay>().Node;
        Assert.Equal(
            new MapOptions
            {
                CycleTime = TimeSpan.FromSeconds(2), MaximumKeys = 7, MaximumBytes = 4_096, Secret = "word",
            },
            node.Options.Maps);
        await node.GetMap("m").SetAsync("k", "v", cancellationToken: Cancellation);
        await host.StopAsync(Cancellation);

        using var wrong = HostWith(services => services.AddHearsay(
            Section(("Bind", "127.0.0.1:0"), ("Maps:SketchCells", "1"))));
        var thrown = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => wrong.StartAsync(Cancellation));
        Assert.Contains(
            "Maps.SketchCells must be from 64 to 65,536, not 1.", Assert.Single(thrown.Failures),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", 7)]
    [InlineData("TRUE", 7)]
    [InlineData("false", 0)]
    [InlineData(null, 7)]
    public void A_word_in_place_of_the_section_switches_the_feature_on_or_off(string? value, int k)
    {
        var section = Section(value is null ? ("Cluster", "c") : ("Rumors", value));
        var bound = new HearsayOptions { Rumors = new RumorOptions { K = 7 } };
        HearsaySection.BindTo(section, bound, "");
        Assert.Equal(k, bound.Rumors?.K ?? 0);

        var plain = new HearsayOptions();
        HearsaySection.BindTo(section, plain, "");
        Assert.Equal(value is null || k == 0 ? null : new RumorOptions(), plain.Rumors);
        Assert.Equal(plain.Rumors, HearsayOptionsMapping.ToNodeOptions(plain).Rumors);
    }

    [Fact]
    public void Every_section_is_the_record_of_its_options()
    {
        var bound = new HearsayOptions();
        HearsaySection.BindTo(
            Section(
                ("Sampling:Preset", "Lan"), ("Sampling:ViewSize", "20"), ("Sampling:TableCapacity", "2000"),
                ("Neighbours:ActiveSize", "4"), ("Broadcast:Retention", "00:00:30"), ("Broadcast:EagerHops", "2.5"),
                ("Aggregation:CycleTime", "00:00:00.010"), ("Aggregation:CyclesPerEpoch", "4")),
            bound, "");

        PeerSamplingOptions.TryGetPreset("lan", out var lan);
        var node = HearsayOptionsMapping.ToNodeOptions(bound);
        Assert.Equal(lan.WithViewSize(20) with { TableCapacity = 2000 }, node.Sampling);
        Assert.Equal(new NeighbourOptions { ActiveSize = 4 }, node.Neighbours);
        Assert.Equal(
            new BroadcastOptions { Retention = TimeSpan.FromSeconds(30), EagerHops = 2.5 }, node.Broadcast);
        Assert.Equal(
            AggregationOptions.Default.WithCycles(TimeSpan.FromMilliseconds(10), 4), node.Aggregation);
        Assert.Empty(HearsayOptionsMapping.Errors(bound));
    }

    [Fact]
    public void Broadcast_and_aggregation_are_on_and_can_be_left_out()
    {
        var bound = new HearsayOptions();
        Assert.Equal((new BroadcastOptions(), AggregationOptions.Default), (bound.Broadcast, bound.Aggregation));
        HearsaySection.BindTo(Section(("Broadcast", "false"), ("Aggregation", "False")), bound, "");
        Assert.Equal((null, null), (bound.Broadcast, bound.Aggregation));
    }

    [Theory]
    [InlineData("Sampling:Preset", "fastest", "Sampling:Preset must be one of blind, healer, swapper, recommended, ")]
    [InlineData("Sampling", "lan", "Sampling must be a section, not 'lan'.")]
    [InlineData("Neighbours", "false", "Neighbours must be a section, not 'false'.")]
    [InlineData("Sampling:VeiwSize", "20", "Sampling:VeiwSize' is not an option. Options: Preset, Form, ")]
    [InlineData("Aggregation:FlowUpdating:Neighbours", "20", "Aggregation:FlowUpdating can be set in code only.")]
    [InlineData("ViewSize", "20", "ViewSize' is not an option.")]
    [InlineData("Broadcast:Retention", "00:00:00", "Broadcast.Retention must be ")]
    public async Task A_mistake_in_any_section_stops_the_start(string key, string value, string told)
    {
        using var host = HostWith(services => services.AddHearsay(Section(("Bind", "127.0.0.1:0"), (key, value))));
        var thrown = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        Assert.Contains(thrown.Failures, failure => failure.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_builder_changes_options_last_and_adds_protocols_under_the_name_of_the_node()
    {
        using var host = HostWith(services => services
            .AddHearsay("other", Section(("Bind", "127.0.0.1:0"), ("Cluster", "c")))
            .Configure(static options => options.Cluster += "d")
            .AddProtocol<NoProtocol>());
        await host.StartAsync(Cancellation);
        var node = host.Services.GetRequiredKeyedService<IHearsay>("other").Node;
        Assert.Equal("cd", node.Options.Cluster);
        Assert.IsType<NoProtocol>(Assert.Single(node.Options.Protocols));
        Assert.NotNull(node.Options.MeterFactory);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public void A_section_changes_only_what_it_names()
    {
        var bound = new HearsayOptions { Rumors = new RumorOptions { K = 7, Digests = true } };
        HearsaySection.BindTo(Section(("Rumors:Fanout", "2")), bound, "");
        Assert.Equal(new RumorOptions { K = 7, Digests = true, Fanout = 2 }, bound.Rumors);
    }

    [Theory]
    [InlineData("Rumors:Modus", "push", "Rumors:Modus' is not an option. Options: Mode, ")]
    [InlineData("Rumors:K", "many", "Rumors:K must be a whole number, not 'many'")]
    [InlineData("Rumors:Mode", "shout", "Rumors:Mode must be one of Push, Pull, PushPull")]
    [InlineData("Rumors:CycleTime", "soon", "Rumors:CycleTime must be a time like 00:00:01.5, not 'soon'")]
    [InlineData("Rumors:Feedback", "perhaps", "Rumors:Feedback must be true or false, not 'perhaps'")]
    [InlineData("Rumors:K:0", "1", "Rumors:K must be a whole number")]
    [InlineData("Rumors", "perhaps", "Rumors must be a section, or true or false, not 'perhaps'")]
    [InlineData("Rumors:K", "0", "Rumors.K must be from 1 to 100, not 0")]
    public async Task A_mistake_in_the_section_of_a_feature_stops_the_start(string key, string value, string told)
    {
        using var host = HostWith(services => services.AddHearsay(Section(("Bind", "127.0.0.1:0"), (key, value))));
        var thrown = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        Assert.Contains(told, Assert.Single(thrown.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_node_without_a_name_of_its_own_is_refused_with_the_way_out()
    {
        var services = new ServiceCollection().AddHearsay(Quick()).Services.AddHearsay("other", Quick()).Services;
        var again = Assert.Throws<InvalidOperationException>(() => services.AddHearsay(Section(("Cluster", "later"))));
        Assert.Contains("AddHearsay(\"other\", ...)", again.Message, StringComparison.Ordinal);
        Assert.Contains("Configure<HearsayOptions>", again.Message, StringComparison.Ordinal);
        again = Assert.Throws<InvalidOperationException>(() => services.AddHearsay("other", Quick()));
        Assert.Contains("other", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_section_full_of_unknown_keys_is_refused_in_one_short_line()
    {
        var many = Enumerable.Range(0, 60_000).Select(index => ($"Unknown{index}", "1")).ToArray();
        using var host = HostWith(services => services.AddHearsay(Section(many)));
        var refused = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        Assert.Contains("and 59995 more are not options", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1, 2000);
    }

    [Fact]
    public async Task A_host_whose_node_gave_its_id_up_stops()
    {
        var network = new MemoryNetwork();
        var data = Enumerable.Range(0, 2).Select(_ => Directory.CreateTempSubdirectory("hearsay-host-")).ToArray();
        await using var original = await GossipNode.StartAsync(
            new GossipNodeOptions
            {
                Bind = network.NewAddress().ToString(), Network = network, DataDirectory = data[0].FullName,
            },
            Cancellation);
        File.Copy(Path.Combine(data[0].FullName, "node.json"), Path.Combine(data[1].FullName, "node.json"));
        using var host = HostWith(services => services.AddSingleton(network).AddHearsay(Section(
            ("Bind", network.NewAddress().ToString()), ("Seeds:0", original.LocalAddress.ToString()),
            ("DataDirectory", data[1].FullName), ("OnIdConflict", "stop"))));
        await host.StartAsync(Cancellation);

        await host.WaitForShutdownAsync(Cancellation).WaitAsync(Deadline, Cancellation);

        Assert.True(host.Services.GetRequiredService<IHearsay>().Node.Completion.IsFaulted);
        Assert.False(original.Completion.IsCompleted);
        Array.ForEach(data, directory => directory.Delete(recursive: true));
    }

    [Fact]
    public async Task The_clock_of_the_services_is_the_nodes()
    {
        var clock = new OtherClock();
        using var host = HostWith(services => services.AddSingleton<TimeProvider>(clock).AddHearsay(Quick()));
        await host.StartAsync(Cancellation);
        Assert.Same(clock, host.Services.GetRequiredService<IHearsay>().Node.Options.Time);
    }

    private static Action<HearsayOptions> Quick() => options =>
    {
        options.Bind = new IPEndPoint(IPAddress.Loopback, 0).ToString();
        options.Sampling = options.Sampling with { CycleTime = TimeSpan.FromMilliseconds(100) };
    };

    private static IConfiguration Section(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value =>
            KeyValuePair.Create("Hearsay:" + value.Key, (string?)value.Value)))
        .Build().GetSection("Hearsay");

    private static IHost HostWith(Action<IServiceCollection> add)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        add(builder.Services);
        return builder.Build();
    }

    private sealed class OtherClock : TimeProvider;

    private sealed class NoProtocol : IProtocol
    {
        public byte Id => 128;

        public void Start(IProtocolContext context)
        {
        }

        public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
        {
        }
    }
}
