namespace Hearsay.Protocols.Core;

/// <summary>
/// Resolves the handles in a view to peers, for the one who publishes them. In a live node this is the peer table.
/// </summary>
internal interface IPeerSource
{
    /// <summary>Returns the peer of a handle, as it is known now.</summary>
    /// <param name="handle">A handle in the view.</param>
    /// <param name="age">The age of the entry in cycles, which the returned peer must have.</param>
    Peer Describe(uint handle, ushort age);
}
