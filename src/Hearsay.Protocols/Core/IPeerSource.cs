namespace Hearsay.Protocols;

/// <summary>Tells a <see cref="ViewPublisher"/> who stands behind a handle: in a live node the peer table.</summary>
public interface IPeerSource
{
    /// <summary>The peer behind a handle as it is known now.</summary>
    /// <param name="handle">A handle in the view.</param>
    /// <param name="age">The age of its entry in cycles, to be put into the peer.</param>
    Peer Describe(uint handle, ushort age);
}
