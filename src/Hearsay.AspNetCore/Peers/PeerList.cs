namespace Hearsay.AspNetCore.Peers;

/// <summary>Several peers.</summary>
internal sealed record PeerList(IReadOnlyList<PeerItem> Peers);
