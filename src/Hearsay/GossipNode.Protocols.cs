using Hearsay.Features.Contract;
using Hearsay.Protocols;

namespace Hearsay;

/// <content>Protocols of packages that build on this one, which come and go while the node runs.</content>
public sealed partial class GossipNode
{
    /// <summary>
    /// Adds a protocol to the running node. It starts inside the loop, before this returns or soon after.
    /// </summary>
    /// <param name="protocol">The protocol, which is used by no other node.</param>
    /// <exception cref="InvalidOperationException">The node has a protocol of that id.</exception>
    /// <exception cref="HearsayException">Too many commands wait for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    internal void AddProtocol(IProtocol protocol)
    {
        var loop = Running._loop;
        lock (_added)
        {
            if (!_added.Add(protocol.Id))
            {
                throw new InvalidOperationException($"The node has a protocol of the id {protocol.Id} already.");
            }

            if (!loop.Post((core, now) => core.TryAdd(now, protocol)))
            {
                _added.Remove(protocol.Id);
                throw loop.Refusal();
            }
        }
    }

    /// <summary>Removes a protocol that was added. Nothing happens if the node has stopped.</summary>
    /// <param name="protocol">The protocol.</param>
    internal async Task RemoveProtocolAsync(IProtocol protocol)
    {
        while (_stopped is null)
        {
            try
            {
                await _loop.PostAsync((core, now) => core.Remove(now, protocol.Id)).ConfigureAwait(false);
                break;
            }
            catch (HearsayException)
            {
                // Too many commands wait: they are worked off in a moment.
                await Task.Delay(TimeSpan.FromMilliseconds(10)).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                break;
            }
        }

        lock (_added)
        {
            _added.Remove(protocol.Id);
        }
    }

    /// <summary>
    /// Finds what a package that builds on this one shows of itself on this node, or adds it: its numbers appear on the
    /// meter and in <see cref="GetDiagnostics"/>, and stay when its protocols are removed.
    /// </summary>
    /// <param name="description">What it is.</param>
    /// <param name="make">Makes it, at most once for a node.</param>
    internal T JoinFeature<T>(FeatureDescription description, Func<T> make)
        where T : class, INodeFeature
    {
        var feature = _features.FindOrJoin(description, make);
        _metrics.Show(description);
        return feature;
    }

    /// <summary>The ids of protocols that were added.</summary>
    private readonly HashSet<byte> _added = [];
}
