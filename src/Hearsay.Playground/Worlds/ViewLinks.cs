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
        var count = 0;
        for (var i = 0; i < handles.Length; i++)
        {
            var to = world.Recorder.IndexOf(core.State.Table[handles[i]].Addresses.Primary);
            if (to >= 0)
            {
                frame.Add(to | (Math.Min((int)ages[i], short.MaxValue) << 16));
                count++;
            }
        }

        return count;
    }
}
