using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

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

    /// <summary>
    /// Whether there is time for an answer. What goes beyond the allowance of a second is taken from the next ones.
    /// </summary>
    /// <param name="cost">What it takes, where 1 is an answer to a question with few epochs.</param>
    private bool MayPrepare(int cost = 1)
    {
        var allowance = PreparedPerSecond * _options.MaximumExchanges;
        if (_context.Now - _second is var passed && passed >= TimeSpan.FromSeconds(1))
        {
            (_second, _prepared) = (_context.Now, Math.Max(0, _prepared - (passed.TotalSeconds * allowance)));
        }

        var may = _prepared < allowance;
        _prepared += may ? cost : 0;
        return may;
    }

    /// <summary>Whether there is time to read a question: it may have this node look at all epochs that it has folded.
    /// </summary>
    private bool MayRead(SharedMap map, WireReader question)
    {
        var folded = FoldParts.TryRead(ref question, out var parts)
            ? FoldDigests.CountListed(map.Replica.Context, parts, _replicas.Digester) : 0;
        return folded < FoldedPerPreparation || MayPrepare(folded / FoldedPerPreparation);
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
