using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.DistributedData;

namespace Hearsay.Benchmarks.Maps;

/// <summary>Nodes of Akka.DistributedData in one process, which hold one dictionary.</summary>
internal sealed class AkkaMaps : IAsyncDisposable
{
    private static readonly LWWDictionaryKey<string, string> s_key = new("m");

    private readonly List<ActorSystem> _systems = [];

    /// <summary>Starts them, and waits until all know all.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="settings">Settings of the replicator; empty for its own.</param>
    public async Task StartAsync(int nodes, string settings)
    {
        for (var i = 0; i < nodes; i++)
        {
            var seed = i == 0 ? "" : $"akka.cluster.seed-nodes = [\"{Cluster.Get(_systems[0]).SelfAddress}\"]";
            var system = ActorSystem.Create("maps", ConfigurationFactory.ParseString($$"""
                akka {
                  loglevel = OFF
                  stdout-loglevel = OFF
                  actor.provider = cluster
                  remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
                  cluster.distributed-data { {{settings}} }
                }
                {{seed}}
                """));
            _systems.Add(system);
            if (i == 0)
            {
                var cluster = Cluster.Get(system);
                cluster.Join(cluster.SelfAddress);
            }
        }

        while (_systems.Any(system => Cluster.Get(system).State.Members.Count(
            static member => member.Status == MemberStatus.Up) < nodes))
        {
            await Task.Delay(200);
        }
    }

    /// <summary>Tells of every key that comes to a node.</summary>
    public void Watch(Arrivals came)
    {
        foreach (var system in _systems)
        {
            var watcher = system.ActorOf(Props.Create(() => new Watcher(came)));
            DistributedData.Get(system).Replicator.Tell(Dsl.Subscribe(s_key, watcher));
        }
    }

    /// <summary>Writes a key at the first node; done when that node has it.</summary>
    public async Task WriteAsync(string key)
    {
        var data = DistributedData.Get(_systems[0]);
        await data.Replicator.Ask<IUpdateResponse>(Dsl.Update(
            s_key, LWWDictionary<string, string>.Empty, WriteLocal.Instance,
            held => held.SetItem(Cluster.Get(_systems[0]), key, key)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_systems.Select(static system => system.Terminate()));

    private sealed class Watcher : ReceiveActor
    {
        private readonly HashSet<string> _seen = [];

        public Watcher(Arrivals came) => Receive<Changed>(changed =>
        {
            foreach (var key in changed.Get(s_key).Entries.Keys.Where(_seen.Add))
            {
                came.Add(key, this);
            }
        });
    }
}
