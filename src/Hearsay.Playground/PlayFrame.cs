using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground;

/// <summary>
/// Everything that the page draws of one moment, as numbers of 32 bits.
/// <code>
/// head (8)    0x48590001, time in 0.1 ms, sides, actions, events, hash high, hash low, merges
/// per side    nodes N, values per node V, metrics M, packets P, rules broken R, lasting faults
///   metrics   M floats
///   nodes     per node: flags (1 up, 2 paused, 4 slow, 8 marked), links L and in the high 16 bits row R, V floats,
///             L links (index, and kind or age in the high 16 bits; the highest bit: used up),
///             R pairs of counts of 16 bits, the matrix's row of the node, where a scene has one
///   packets   per packet: number, from, to, kind, sent and arrives in 0.1 ms, lost, bytes
/// </code>
/// </summary>
internal sealed class PlayFrame
{
    /// <summary>The first number of a frame of this version.</summary>
    public const int Magic = 0x4859_0001;

    private readonly FrameWriter _writer = new();

    /// <summary>The frame of a run's present moment. Packets are told once.</summary>
    public byte[] Of(PlayRun run)
    {
        _writer.Clear();
        _writer.Add(Magic);
        _writer.Add(Tenths(run.Now, run.Now));
        _writer.Add(run.Worlds.Count);
        _writer.Add(run.Actions.Count);
        _writer.Add((int)Math.Min(int.MaxValue, run.Events));
        var hash = run.TraceHash;
        _writer.Add((int)(hash >> 32));
        _writer.Add((int)hash);
        _writer.Add(run.Worlds[0].Recorder.Merges.Total);
        foreach (var world in run.Worlds)
        {
            Add(run, world);
        }

        return _writer.ToBytes();
    }

    private void Add(PlayRun run, World world)
    {
        var packets = world.Recorder.Packets.Packets;
        _writer.Add(world.Network.Nodes.Count);
        _writer.Add(run.Scene.Values.Count);
        _writer.Add(run.Scene.Metrics.Count);
        _writer.Add(packets.Count);
        _writer.Add(world.Recorder.Broken.Count);
        _writer.Add(world.Lasting.Count());
        world.WriteMetrics(_writer);
        world.Recorder.NoteAddresses();
        foreach (var node in world.Network.Nodes)
        {
            Add(world, node);
        }

        foreach (var packet in packets)
        {
            Add(run, world, packet);
        }

        world.Recorder.Packets.Clear();
    }

    private void Add(World world, VirtualNode node)
    {
        _writer.Add((node.IsUp ? 1 : 0) | (node.PausedUntil > world.Network.Now ? 2 : 0)
            | (node.Slowness > TimeSpan.Zero ? 4 : 0) | (world.IsMarked(node.Index) ? 8 : 0));
        var links = _writer.Reserve();
        world.WriteValues(node.Index, _writer);
        var count = node.IsUp ? world.WriteLinks(node.Index, _writer) : 0;
        _writer.Patch(links, count | (world.WriteRow(node.Index, _writer) << 16));
    }

    private void Add(PlayRun run, World world, in LoggedPacket packet)
    {
        var shift = world.Network.Now - run.Now;
        _writer.Add(packet.Number);
        _writer.Add(packet.From);
        _writer.Add(packet.To);
        _writer.Add(packet.Kind);
        _writer.Add(Tenths(packet.SentAt + -shift, run.Now));
        _writer.Add(Tenths(packet.ArrivesAt + -shift, run.Now));
        _writer.Add(packet.IsLost ? 1 : 0);
        _writer.Add(packet.Bytes);
    }

    /// <summary>Tenths of a millisecond since the scene began.</summary>
    private static int Tenths(Instant moment, Instant now)
    {
        var shown = Instant.Min(moment, now + TimeSpan.FromHours(1));
        return (int)Math.Min(int.MaxValue, shown.Ticks / (TimeSpan.TicksPerMillisecond / 10));
    }
}
