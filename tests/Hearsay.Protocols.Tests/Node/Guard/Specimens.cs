using Hearsay.Simulation;
using static Hearsay.Protocols.Tests.Node.Guard.WholeNodes;

namespace Hearsay.Protocols.Tests.Node.Guard;

/// <summary>Frames that honest nodes sent each other lately: links, nonces and names in them are good.</summary>
internal sealed class Specimens
{
    private const int MostOfType = 12;

    private readonly Dictionary<(byte, byte), List<Specimen>> _byType = [];

    /// <summary>What is in the packets that reached a node, the latest first.</summary>
    public Specimens(WholeNodes nodes)
    {
        var byAddress = nodes.Members.ToDictionary(member => member.Node.Address, member => member.Node);
        foreach (var sending in Enumerable.Reverse(nodes.Sent))
        {
            if (!byAddress.TryGetValue(sending.To.Address, out var target) || !target.IsUp)
            {
                continue;
            }

            foreach (var (protocol, type, body) in sending.Frames())
            {
                // What was too long for a datagram is tried as far as it fits.
                var cut = body.AsSpan(0, Math.Min(body.Length, 1100)).ToArray();
                Add(new Specimen(target, sending.From.Core.Self.Id, protocol, type, cut));
            }
        }
    }

    public IReadOnlyList<Specimen> All => [.. _byType.Values.SelectMany(static list => list)];

    public IReadOnlyList<Specimen> Of(byte protocol, byte type) =>
        _byType.TryGetValue((protocol, type), out var list) ? list : [];

    private void Add(Specimen specimen)
    {
        if (!_byType.TryGetValue((specimen.Protocol, specimen.Type), out var list))
        {
            _byType.Add((specimen.Protocol, specimen.Type), list = []);
        }

        if (list.Count < MostOfType)
        {
            list.Add(specimen);
        }
    }

    /// <summary>A frame, whom it was for and who sent it.</summary>
    internal sealed record Specimen(VirtualNode Target, NodeId Sender, byte Protocol, byte Type, byte[] Body);
}
