using Hearsay.Protocols;

namespace Hearsay.Learning.Exchange;

/// <summary>
/// Models, and offers of models, from addresses that are not proven yet: anybody may have sent them. They wait for the
/// proof, which takes a round trip. The newest stay.
/// </summary>
internal sealed class UnprovenModels(int messageBytes)
{
    /// <summary>How many wait at a time.</summary>
    public const int Capacity = 8;

    private readonly NodeAddress[] _sources = new NodeAddress[Capacity];
    private readonly byte[][] _messages = [.. Enumerable.Range(0, Capacity).Select(_ => new byte[messageBytes])];
    private readonly (Peer From, byte Type, int Length)[] _told = new (Peer, byte, int)[Capacity];
    private int _next;

    /// <summary>Keeps a message, which is copied.</summary>
    /// <returns>Whether an older one was dropped for it, or it is too long to be a model.</returns>
    public bool Hold(in NodeAddress source, in Peer from, byte type, ReadOnlySpan<byte> message)
    {
        if (message.Length > messageBytes)
        {
            return true;
        }

        var known = _sources.AsSpan().IndexOf(source);
        var place = known >= 0 ? known : _next;
        _next = known >= 0 ? _next : (_next + 1) % Capacity;
        var dropped = !_sources[place].IsNone;
        message.CopyTo(_messages[place]);
        (_sources[place], _told[place]) = (source, (from, type, message.Length));
        return dropped;
    }

    /// <summary>Takes what came from an address that is proven now.</summary>
    public bool TryTake(in NodeAddress source, out Peer from, out byte type, out ReadOnlySpan<byte> message)
    {
        var place = _sources.AsSpan().IndexOf(source);
        if (place < 0)
        {
            message = default;
            (from, type) = default((Peer, byte));
            return false;
        }

        _sources[place] = default;
        (from, type, var length) = _told[place];
        message = _messages[place].AsSpan(0, length);
        return true;
    }
}
