using Hearsay.Protocols;
using Hearsay.Simulation.Network;
using Hearsay.Simulation.Traces;

namespace Hearsay.Simulation;

/// <summary>
/// Writes what happens on a <see cref="VirtualNetwork"/> as a trace: a file of JSON lines that the page of the
/// playground opens and draws. It changes nothing in the run.
/// </summary>
/// <remarks>
/// The page on the playground describes the lines. Not thread safe, like the network. Make it before the network runs,
/// and dispose it when the run is over: that writes the last line and lets go of the network. The stream stays open.
/// </remarks>
/// <example>
/// <code>
/// using var file = File.Create("run.trace");
/// using var trace = new NetworkTrace(network, file, new NetworkTraceOptions { Title = "My protocol" });
/// network.Run(TimeSpan.FromSeconds(30));
/// </code>
/// </example>
public sealed partial class NetworkTrace : IDisposable, INetworkWitness
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>Of so many nodes, the first ones, a trace tells. Others are counted.</summary>
    public const int MaximumNodes = 1000;

    /// <summary>What happens later is not written: a page shows a day at most.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    private readonly VirtualNetwork _network;
    private readonly NetworkTraceOptions _options;
    private readonly TraceLines _lines;

    /// <summary>What was told of a node last.</summary>
    private readonly List<byte[]> _told = [];

    private Instant _next = Instant.Zero;
    private SentPacket? _packet;
    private bool _isOver;

    /// <summary>Begins a trace, with the nodes that are there.</summary>
    /// <param name="network">The network.</param>
    /// <param name="destination">Where it is written to.</param>
    /// <param name="options">What it tells; the default if null.</param>
    /// <exception cref="ArgumentException">An option is not allowed; the message says which.</exception>
    /// <exception cref="IOException">
    /// The destination cannot be written. Later calls and the run may throw it too.
    /// </exception>
    public NetworkTrace(VirtualNetwork network, Stream destination, NetworkTraceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(destination);
        (_network, _options) = (network, options ?? new NetworkTraceOptions());
        if (_options.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        _lines = new TraceLines(destination, _options.MaximumBytes);
        WriteHead();
        network.Witness = network.Witness is { } other ? new WitnessPair(this, other) : this;
        network.Launched += OnLaunched;
        if (network.Nodes.Count > 0)
        {
            Look();
        }
    }

    /// <summary>Whether the file is full, so that what happens now is not in it.</summary>
    public bool IsFull => _lines.IsFull;

    /// <summary>The nodes beyond <see cref="MaximumNodes"/>, of which nothing is told.</summary>
    public int NodesLeftOut => Math.Max(0, _network.Nodes.Count - MaximumNodes);

    private int Nodes => Math.Min(MaximumNodes, _network.Nodes.Count);

    /// <summary>Tells of a fault, in the past or to come, for the ribbon below the time bar.</summary>
    /// <param name="fault">The fault. Of more nodes than fit 1,000 characters, the first ones are told.</param>
    public void Tell(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var text = fault.ToString();
        while (text.Length > NetworkTraceOptions.LongestText)
        {
            fault = fault with { Nodes = [.. fault.Nodes.Take(fault.Nodes.Count / 2)] };
            text = fault.ToString();
        }

        Write("fault", text);
    }

    /// <summary>Tells that a rule is broken now. The page has a lamp for each rule.</summary>
    /// <param name="rule">The name of the rule, up to 80 characters; more are cut off.</param>
    /// <param name="message">What happened, up to 1,000 characters; more are cut off.</param>
    public void Break(string rule, string message)
    {
        ArgumentException.ThrowIfNullOrEmpty(rule);
        ArgumentNullException.ThrowIfNull(message);
        Look();
        var json = _lines.Begin();
        json.WriteNumber("t", Milliseconds(_network.Now));
        json.WriteString("broken", rule[..Math.Min(rule.Length, NetworkTraceOptions.LongestLabel)]);
        json.WriteString("text", message[..Math.Min(message.Length, NetworkTraceOptions.LongestText)]);
        _lines.End();
    }

    /// <summary>Writes the last lines and lets go of the network. The stream stays open.</summary>
    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        Look();
        var json = _lines.Begin();
        json.WriteNumber("t", Math.Min(LongestTime.TotalMilliseconds, Milliseconds(_network.Now)));
        json.WriteBoolean("end", true);
        json.WriteNumber("events", _network.EventsHandled);
        json.WriteString("hash", $"{_network.TraceHash:x16}");
        json.WriteBoolean("full", IsFull);
        json.WriteNumber("nodesLeftOut", NodesLeftOut);
        _lines.End(isLast: true);
        _lines.Dispose();
        _network.Launched -= OnLaunched;
        if (_network.Witness is WitnessPair pair)
        {
            _network.Witness = pair.Second;
        }
        else if (_network.Witness == this)
        {
            _network.Witness = null;
        }
    }

    /// <inheritdoc/>
    void INetworkWitness.Started(VirtualNode node) => LookIfDue();

    /// <inheritdoc/>
    void INetworkWitness.Receiving(VirtualNode node, in Link from, ReadOnlySpan<byte> packet)
    {
    }

    /// <inheritdoc/>
    void INetworkWitness.Due(VirtualNode node)
    {
    }

    /// <inheritdoc/>
    void INetworkWitness.Sent(VirtualNode node, in Link to, ReadOnlySpan<byte> packet)
    {
        WritePacket();
        _packet = node.Index >= MaximumNodes || IsOver() ? null : new SentPacket(
            _network.Now, node.Index, _network.At(to.Address)?.Index ?? -1, PacketKind.Of(node, packet), packet.Length);
    }

    /// <inheritdoc/>
    void INetworkWitness.Handled(VirtualNode node) => LookIfDue();

    private static double Milliseconds(Instant moment) =>
        (moment - Instant.Zero).Ticks / (double)TimeSpan.TicksPerMillisecond;

    /// <summary>The packet that was sent last gets through; of several copies the first one counts.</summary>
    private void OnLaunched(VirtualNode target, Instant arrives)
    {
        if (_packet is { Arrives: null } packet)
        {
            _packet = packet with { Arrives = Instant.Max(arrives, target.PausedUntil) };
        }
    }

    private void LookIfDue()
    {
        if (_network.Now >= _next)
        {
            Look();
        }
    }
}
