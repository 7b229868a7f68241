using System.Globalization;
using System.Text.Json;
using Hearsay.Agent.Calls;
using Hearsay.Playground.Contract;

namespace Hearsay.Cli.Play.Live;

/// <summary>
/// What one agent knows, asked over its HTTP service: itself, the peers of its view, and those that were in it before.
/// </summary>
internal sealed class AgentSource(AgentClient client, string name) : ILiveSource
{
    /// <summary>Peers that are shown; later ones are not, and are counted.</summary>
    public const int MostPeers = 500;

    private const int IsForgotten = 0, IsNew = 1, IsKnown = 3;

    private static readonly TimeSpan s_isNewFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly List<IReadOnlyList<(string, string)>> _nodes = [];
    private readonly List<SeenPeer> _peers = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unshown = new(StringComparer.Ordinal);
    private DateTime _now;

    /// <inheritdoc/>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<(string Name, string Value)>> Nodes => _nodes;

    /// <inheritdoc/>
    public SceneDescription Scene { get; } = new()
    {
        Name = "live",
        Title = "One live node",
        Question = $"The agent at {name}, as it sees the network at this moment.",
        Text =
        [
            "This is what one agent knows, and no more: node 0 is the agent, blue nodes are the peers of its view, "
            + "green ones came within the last five seconds, and grey ones were in its view before.",
            "A grey node is not dead. The agent passed it on to others or replaced it, as it does in every exchange. "
            + "Whom the others know, no single node can tell; “hearsay up --play” shows a whole network.",
        ],
        Knobs = [],
        Values =
        [
            new("0 was known, 1 new, 3 in the view", "phase", 0, 3)
            {
                Words = ["was in its view before", "came just now", "", "in its view"],
            },
            new("age", "none", 0, 0),
        ],
        Metrics =
        [
            new("peers in the view", "", "How many peers the agent knows."),
            new("exchanged since the last look", "peers", "Peers of the view that were not in it at the look before."),
            new("mean age", "cycles", "How old what the view says is on average."),
            new("peers seen so far", "", "Different peers since this page was opened; all of them after a while."),
            new("estimated size", "nodes", "What the agent takes the size of the network for; needs aggregation."),
            new("round trip", "ms", "How long a peer takes to answer."),
        ],
    };

    /// <inheritdoc/>
    public async ValueTask<string?> LookAsync(LiveFrame frame, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(s_patience);
        try
        {
            using var view = JsonDocument.Parse(await client.GetAsync("/v1/view", late.Token).ConfigureAwait(false));
            using var node = JsonDocument.Parse(await client.GetAsync("/v1/node", late.Token).ConfigureAwait(false));
            Draw(frame, view.RootElement, node.RootElement);
            return null;
        }
        catch (RefusedException refused)
        {
            return $"The agent at {name} refuses: {refused.Message}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"The agent at {name} has not answered for {s_patience.TotalSeconds:0} s.";
        }
        catch (HttpRequestException)
        {
            return $"The agent at {name} does not answer: it may have stopped. It is asked again.";
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException)
        {
            return $"What answers at {name} is no agent of Hearsay of this version.";
        }
    }

    private void Draw(LiveFrame frame, JsonElement view, JsonElement node)
    {
        _now = DateTime.UtcNow;
        if (_nodes.Count == 0)
        {
            AddNode(node);
        }

        var (count, came, ages) = (0, 0, 0);
        foreach (var peer in _peers)
        {
            (peer.WasInView, peer.IsInView) = (peer.IsInView, false);
        }

        foreach (var entry in view.GetProperty("peers").EnumerateArray())
        {
            var age = entry.GetProperty("ageCycles").GetInt32();
            (count, ages) = (count + 1, ages + age);
            if (NumberOf(entry) is { } number)
            {
                var peer = _peers[number];
                peer.Since = peer.WasInView ? peer.Since : _now;
                came += peer.WasInView ? 0 : 1;
                (peer.IsInView, peer.Age) = (true, age);
            }
        }

        frame.Begin(1 + _peers.Count, 2,
        [
            count, came, count == 0 ? 0 : (double)ages / count, _peers.Count + _unshown.Count,
            Number(node, "networkSize"), 1000 * Number(node, "roundTripSeconds"),
        ]);
        WriteNodes(frame);
    }

    private void WriteNodes(LiveFrame frame)
    {
        frame.Node(isUp: true, isMarked: true);
        frame.Value(IsKnown);
        frame.Value(0);
        for (var i = 0; i < _peers.Count; i++)
        {
            if (_peers[i].IsInView)
            {
                frame.Link(i + 1, _peers[i].Age);
            }
        }

        foreach (var peer in _peers)
        {
            frame.Node(isUp: true, isMarked: false);
            frame.Value(!peer.IsInView ? IsForgotten : _now - peer.Since < s_isNewFor ? IsNew : IsKnown);
            frame.Value(peer.IsInView ? peer.Age : double.NaN);
        }
    }

    private int? NumberOf(JsonElement entry)
    {
        var id = entry.GetProperty("id").GetString()!;
        if (_numbers.TryGetValue(id, out var number))
        {
            return number;
        }

        if (_peers.Count == MostPeers)
        {
            // Bounded as well: what is counted is told as "at least".
            _ = _unshown.Count < MostPeers && _unshown.Add(id);
            return null;
        }

        _numbers[id] = _peers.Count;
        _peers.Add(new SeenPeer());
        AddNode(entry);
        return _peers.Count - 1;
    }

    private void AddNode(JsonElement node) => _nodes.Add(
    [
        ("id", node.GetProperty("id").GetString()!),
        ("address", string.Join(", ", node.GetProperty("addresses").EnumerateArray().Select(
            static address => address.GetString()))),
    ]);

    private static double Number(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? double.Parse(value.GetRawText(), CultureInfo.InvariantCulture) : double.NaN;
}
