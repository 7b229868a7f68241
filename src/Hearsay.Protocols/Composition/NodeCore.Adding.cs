using Hearsay.Protocols.Composition;

namespace Hearsay.Protocols;

/// <content>Protocols that come and go while the node runs.</content>
public sealed partial class NodeCore
{
    /// <summary>Adds a protocol and starts it.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="protocol">The protocol, which is used by no other node.</param>
    /// <returns>False if the node has one of that id, or as many as it can have, or has left.</returns>
    internal bool TryAdd(Instant now, IProtocol protocol)
    {
        _state.Now = now;
        if (_state.IsSilent || Find(protocol.Id) is not null
            || _protocols.Length >= NodeCoreOptions.MaximumProtocols)
        {
            return false;
        }

        PublishAlways();
        var context = new ProtocolContext(_state, protocol, _samplers, _seed);
        _protocols = [.. _protocols, context];
        _view.Observer = _viewFanOut;
        context.Start();
        Finish();
        return true;
    }

    /// <summary>Stops a protocol and removes it. Its id is free then.</summary>
    /// <param name="now">The current instant.</param>
    /// <param name="protocol">The id of the protocol.</param>
    internal void Remove(Instant now, byte protocol)
    {
        _state.Now = now;
        if (Find(protocol) is { } context)
        {
            context.Stop();
            context.Peers.Dispose();
            _protocols = [.. _protocols.Where(other => other != context)];
        }

        Finish();
    }
}
