using Hearsay.Diagnostics;
using Hearsay.Protocols;

namespace Hearsay.Loop;

/// <summary>What a loop tells its node, under the gate: everything here only queues and returns.</summary>
internal interface INodeEvents
{
    /// <summary>An input was handled; called under the loop's gate, before the next due time is kept.</summary>
    void AfterInput(NodeCore core);

    /// <summary>The node wants contacts to join through.</summary>
    void ResolveContacts();

    /// <summary>Whether names of contacts are being looked up.</summary>
    bool IsResolvingContacts => false;

    /// <summary>The node has something to tell.</summary>
    void Notify(in NodeNotice notice);

    /// <summary>The view changed.</summary>
    void OnViewChange(in ViewChange change);

    /// <summary>A question for the metadata of a peer was answered, or will not be.</summary>
    void OnMetadata(in MetadataAnswer answer);

    /// <summary>The node came late to what was due, or the thread pool was late and the node was not.</summary>
    void OnStall(in StallReport report);

    /// <summary>The datagrams of an address come, and no stream to it can be opened; any thread, no gate.</summary>
    void OnStreamsBlocked(NodeAddress address);

    /// <summary>A protocol has an event for the application.</summary>
    void Publish(byte protocol, object happened);
}
