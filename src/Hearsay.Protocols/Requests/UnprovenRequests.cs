namespace Hearsay.Protocols.Requests;

/// <summary>
/// Requests from addresses that have not proven themselves. The handler runs after the packet was handled, where no
/// budget applies, so a request waits until its sender has proven its address, which takes a round trip.
/// </summary>
internal sealed class UnprovenRequests
{
    private const int Capacity = 64;
    private const int MostOfOneAddress = 16;

    /// <summary>By then the sender has sent another copy.</summary>
    private static readonly TimeSpan WaitTime = TimeSpan.FromSeconds(1);

    private readonly List<(NodeAddress Address, Peer From, byte[] Body, Instant At)> _waiting = [];

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Keeps a request. The oldest gives way.</summary>
    /// <returns>How many were given up for it.</returns>
    public int Add(in NodeAddress address, in Peer from, ReadOnlySpan<byte> body, Instant now)
    {
        var source = address;
        var before = _waiting.Count;
        _waiting.RemoveAll(one => now - one.At > WaitTime);
        if (_waiting.Count(one => one.Address == source) >= MostOfOneAddress)
        {
            _waiting.RemoveAt(_waiting.FindIndex(one => one.Address == source));
        }
        else if (_waiting.Count >= Capacity)
        {
            _waiting.RemoveAt(0);
        }

        _waiting.Add((address, from, body.ToArray(), now));
        return before + 1 - _waiting.Count;
    }

    /// <summary>Takes the oldest of an address that has proven itself.</summary>
    public bool TryTake(in NodeAddress address, Instant now, out Peer from, out byte[] body)
    {
        for (var i = 0; i < _waiting.Count; i++)
        {
            var one = _waiting[i];
            if (one.Address == address && now - one.At <= WaitTime)
            {
                _waiting.RemoveAt(i);
                (from, body) = (one.From, one.Body);
                return true;
            }
        }

        (from, body) = (default, []);
        return false;
    }
}
