using Hearsay.Simulation;
using static Hearsay.Protocols.Tests.Node.Guard.WholeNodes;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>
/// What nodes may send because of packets from addresses that never answered, and to such addresses. Nobody lives at an
/// address that is no node's, so it never answers.
/// </summary>
internal sealed class StrangerRule(WholeNodes nodes)
{
    /// <summary>All protocols together, until something comes from the address.</summary>
    public const int Tries = 4;

    public const int SmallBytes = 160;

    private readonly HashSet<Sending> _answers = [];
    private readonly Dictionary<(VirtualNode, NodeAddress), int> _heard = [];

    /// <summary>Packets handed in by <see cref="Hit"/>.</summary>
    public int Hits { get; private set; }

    /// <summary>Bytes of what was sent in handling them.</summary>
    public long AnsweredBytes { get; private set; }

    /// <summary>Somebody at an address that never answered sends a packet; what that causes is judged.</summary>
    /// <returns>What was broken, or null.</returns>
    public string? Hit(VirtualNode node, NodeAddress from, byte[] packet)
    {
        var sent = nodes.Inject(node, from, packet);
        var bytes = sent.Sum(static sending => sending.Packet.Length);
        _answers.UnionWith(sent.Where(sending => sending.To.Address == from));
        _heard[(node, from)] = _heard.GetValueOrDefault((node, from)) + 1;
        (Hits, AnsweredBytes) = (Hits + 1, AnsweredBytes + bytes);
        Assert.Equal(0, node.Core.Counters.ProtocolFaults);
        return sent.Count <= 1 && bytes <= packet.Length ? null
            : $"{sent.Count} packets, {bytes} bytes for {packet.Length}: "
                + string.Join(", ", sent.Select(s => $"{s.Packet.Length} to {s.To.Address}"));
    }

    /// <summary>
    /// What nodes sent of their own accord to addresses where nobody lives: one packet a cycle, four in all and one
    /// more for each that came from there, and all small but for one exchange of views.
    /// </summary>
    /// <returns>What was broken, or null.</returns>
    public string? Judge()
    {
        var living = nodes.Members.Select(static member => member.Node.Address).ToHashSet();
        var strangers = nodes.Sent.Where(sending => !living.Contains(sending.To.Address) && !_answers.Contains(sending))
            .GroupBy(static sending => (sending.From, sending.To.Address));
        foreach (var sent in strangers)
        {
            var times = sent.Select(static sending => sending.At).ToArray();
            for (var i = 1; i < times.Length; i++)
            {
                if (times[i] - times[i - 1] < Cycle)
                {
                    return $"{sent.Key.Address} got two packets within {times[i] - times[i - 1]}";
                }
            }

            if (times.Length > Tries + _heard.GetValueOrDefault(sent.Key))
            {
                return $"{sent.Key.Address} got {times.Length} packets";
            }

            if (sent.Count(static sending => sending.Packet.Length > SmallBytes) > 1)
            {
                return $"{sent.Key.Address} got {string.Join(", ", sent.Select(s => s.Packet.Length))} bytes";
            }
        }

        return null;
    }
}
