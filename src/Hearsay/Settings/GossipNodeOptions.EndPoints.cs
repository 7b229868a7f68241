using System.Net;
using Hearsay.Addresses;

namespace Hearsay;

/// <content>The addresses as endpoints, for applications that do not have them as text.</content>
public sealed partial record GossipNodeOptions
{
    /// <summary>Returns these options with another <see cref="Bind"/>.</summary>
    /// <param name="endPoint">
    /// The address on which the node listens. Port 0 takes a free port; <see cref="IPAddress.Any"/> and
    /// <see cref="IPAddress.IPv6Any"/> listen on all addresses.
    /// </param>
    public GossipNodeOptions WithBind(IPEndPoint endPoint) =>
        this with { Bind = EndPointText.Of(endPoint, nameof(endPoint)) };

    /// <summary>Returns these options with another <see cref="Advertise"/>.</summary>
    /// <param name="endPoint">
    /// The address at which others reach the node: an <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> that is
    /// resolved at the start. Port 0 means the bound port.
    /// </param>
    /// <param name="otherFamily">A second address, of the other family; null for none.</param>
    /// <exception cref="ArgumentException">An endpoint is of another kind.</exception>
    public GossipNodeOptions WithAdvertise(EndPoint endPoint, EndPoint? otherFamily = null)
    {
        var first = EndPointText.Of(endPoint, nameof(endPoint));
        return this with
        {
            Advertise = otherFamily is null
                ? first : $"{first},{EndPointText.Of(otherFamily, nameof(otherFamily))}",
        };
    }

    /// <summary>Returns these options with other <see cref="Seeds"/>.</summary>
    /// <param name="endPoints">
    /// The nodes through which this node joins: <see cref="IPEndPoint"/>s, and <see cref="DnsEndPoint"/>s, which are
    /// resolved again for as long as the node runs. At most 32, each with a port from 1 to 65535.
    /// </param>
    /// <exception cref="ArgumentException">An endpoint is of another kind.</exception>
    public GossipNodeOptions WithSeeds(params IEnumerable<EndPoint> endPoints)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        return this with { Seeds = [.. endPoints.Select(static one => EndPointText.Of(one, nameof(endPoints)))] };
    }
}
