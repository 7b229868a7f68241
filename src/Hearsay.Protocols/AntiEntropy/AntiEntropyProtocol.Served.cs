using Hearsay.Protocols.AntiEntropy.Exchange;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Exchanges in which this node answers: how many there may be, and how long they are kept.</content>
internal sealed partial class AntiEntropyProtocol
{
    private ServedExchange? FindServed(in Peer from, ulong nonce)
    {
        foreach (var served in _served)
        {
            if (served.Nonce == nonce && served.Peer == from.Id)
            {
                served.LastAsked = _context.Now;
                return served;
            }
        }

        return null;
    }

    private bool MayPrepare()
    {
        if (_context.Now - _second >= TimeSpan.FromSeconds(1))
        {
            (_second, _prepared) = (_context.Now, 0);
        }

        return _prepared++ < PreparedPerSecond * _options.MaximumExchanges;
    }

    /// <summary>A peer has one exchange per map. Of others the one that is silent for longest gives way.</summary>
    private bool MakeRoom(in Peer from, string name)
    {
        var peer = from.Id;
        if (_served.Find(one => one.Peer == peer && one.Name == name) is { } before)
        {
            Forget(before);
        }

        if (_served.Count < _options.MaximumExchanges)
        {
            return true;
        }

        var silent = _served.MinBy(static one => one.LastAsked)!;
        if (_context.Now - silent.LastAsked < s_mayGiveWay)
        {
            return false;
        }

        Forget(silent);
        return true;
    }

    private void ForgetServed()
    {
        foreach (var served in _served.ToArray())
        {
            if (_context.Now - served.LastAsked > s_forgotten)
            {
                Forget(served);
            }
        }
    }

    private void Forget(ServedExchange served)
    {
        _served.Remove(served);
        if (served.Snapshot is { } snapshot && _maps.TryGetValue(served.Name, out var map))
        {
            map.Replica.Close(snapshot);
        }
    }
}
