using Hearsay.Playground.Recording;

namespace Hearsay.Playground.Worlds;

/// <summary>The entries of a node's view as links, with their ages.</summary>
internal static class ViewLinks
{
    /// <summary>Writes them.</summary>
    /// <returns>How many there are.</returns>
    public static int Write(World world, int node, FrameWriter frame)
    {
        var core = world.Network.Nodes[node].Core;
        var handles = core.Sampling.Handles;
        var ages = core.Sampling.Ages;
        var (table, recorder, count) = (core.State.Table, world.Recorder, 0);
        var room = frame.Room(handles.Length);
        for (var i = 0; i < handles.Length; i++)
        {
            var to = recorder.IndexOfNoted(table[handles[i]].Addresses.IPv4Bits);
            if (to >= 0)
            {
                room[count++] = to | (Math.Min((int)ages[i], short.MaxValue) << 16);
            }
        }

        frame.Advance(count);
        return count;
    }
}
