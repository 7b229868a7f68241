using Hearsay.Features.Maps;

namespace Hearsay;

/// <content>Maps.</content>
public sealed partial class GossipNode
{
    /// <summary>
    /// Returns a map that every node of the cluster holds and may write. From this call on, this node holds the map,
    /// and so does every node that hears of it.
    /// </summary>
    /// <param name="name">
    /// The name of the map, 1 to <see cref="MapOptions.LongestNameBytes"/> bytes of UTF-8.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name is empty, too long, or not valid Unicode (a lone surrogate).
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="GossipNodeOptions.Maps"/> is null, or the node has <see cref="MapOptions.MaximumMaps"/> maps already.
    /// </exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public GossipMap GetMap(string name) => (Running.Feature<MapsFeature>()
        ?? throw new InvalidOperationException("This node holds no maps.")).Service.Map(name);
}
