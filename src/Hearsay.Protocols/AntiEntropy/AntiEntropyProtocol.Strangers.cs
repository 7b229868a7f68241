using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>
/// How many epochs there may be. Events come through other nodes, and anyone who can send them can invent writers. So
/// of writers that this node has never met, broadcast brings only some epochs; what there is of others comes by
/// exchanges with those that have it.
/// </content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>The most that a context has to say, if exchanges may be long enough.</summary>
    private const int MostEntries = 1 << 20;

    /// <summary>An entry takes 28 bytes as a rule, and rows have to fit an exchange, too.</summary>
    private const int BytesPerEntry = 128;

    /// <summary>This part of all entries may be epochs of strangers that broadcast brought.</summary>
    private const int StrangersPart = 256;

    /// <summary>How many of the nodes met last are remembered.</summary>
    private const int MostKnown = 16_384;

    private readonly HashSet<NodeId> _known = [];
    private readonly Queue<NodeId> _knownInOrder = new();

    /// <summary>A node has proven its address.</summary>
    private void Know(NodeId node)
    {
        if (!_known.Add(node))
        {
            return;
        }

        _knownInOrder.Enqueue(node);
        if (_known.Count > MostKnown)
        {
            _known.Remove(_knownInOrder.Dequeue());
        }
    }

    private bool IsStranger(NodeId node) => node != _context.Self.Id && !_known.Contains(node);

    /// <summary>Whether an event may be taken.</summary>
    /// <param name="map">The map.</param>
    /// <param name="heard">The event.</param>
    /// <param name="opened">How many epochs of a stranger there are more, if it is applied.</param>
    private bool MayTake(SharedMap map, MapEvent heard, out int opened)
    {
        opened = 0;
        if (!IsStranger(heard.Dot.Epoch.Node))
        {
            return true;
        }

        var context = map.Replica.Context;
        opened += IsNew(context, heard.Dot.Epoch) ? 1 : 0;
        foreach (var (epoch, _) in heard.Closed)
        {
            opened += IsNew(context, epoch) ? 1 : 0;
        }

        return opened == 0 || map.Strangers + opened <= _replicas.MostEntries / StrangersPart;
    }

    private static bool IsNew(CausalContext context, EpochId epoch) => !context.Open.ContainsKey(epoch)
        && !context.Folded.ContainsKey(epoch) && !context.Closed.ContainsKey(epoch);

    /// <summary>Some may have been met since, and exchanges have brought others.</summary>
    private void CountStrangers(SharedMap map)
    {
        var context = map.Replica.Context;
        map.Strangers = context.Open.Keys.Count(epoch => IsStranger(epoch.Node))
            + context.Closed.Keys.Count(epoch => !context.Open.ContainsKey(epoch) && IsStranger(epoch.Node));
    }
}
