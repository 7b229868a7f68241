namespace Hearsay.Protocols.Wire;

/// <summary>
/// What an envelope has counted of the nodes that it met: by session in mode identity, by window in mode key.
/// </summary>
/// <param name="Held">How many there are.</param>
/// <param name="Opened">How many were opened.</param>
/// <param name="Displaced">How many gave way to others, handshakes that were under way included.</param>
/// <param name="Refused">How many newcomers were refused because nobody could give way.</param>
/// <param name="Forgotten">Packets given up that waited for one, because too many did.</param>
internal readonly record struct SessionCounts(int Held, long Opened, long Displaced, long Refused, long Forgotten);
