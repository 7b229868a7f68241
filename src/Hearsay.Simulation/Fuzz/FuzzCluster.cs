using Hearsay.Protocols;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation.Fuzz;

/// <summary>The identities of the nodes of one network.</summary>
/// <param name="identities">Makes them.</param>
/// <param name="seed">Of the network's random bytes.</param>
internal sealed class FuzzCluster(FuzzIdentities identities, ulong seed)
{
    /// <summary>More than there are nodes: where the numbers of later identities of one place begin.</summary>
    private const int Stride = 1000;

    private readonly GlassCipher _records = new(identities.Records, seed);
    private readonly Dictionary<int, int> _numbers = [];

    /// <summary>The options of a node that starts for the first time.</summary>
    public NodeCoreOptions Join(int index, NodeCoreOptions options) => With(options, Make(_numbers[index] = index + 1));

    /// <summary>
    /// The options of a node that starts again. Who has forgotten its id has lost its keys: it gets others, and a token
    /// for them.
    /// </summary>
    public NodeCoreOptions Renew(VirtualNode node, NodeCoreOptions options) => With(
        options,
        Make(options.Self.Id == options.Identity!.Keys.Id ? _numbers[node.Index] : _numbers[node.Index] += Stride));

    private IdentitySecurity Make(int number) => identities.Make(number, _records);

    private static NodeCoreOptions With(NodeCoreOptions options, IdentitySecurity identity) => options with
    {
        Identity = identity,
        Self = new SelfDescription(
            identity.Keys.Id, options.Self.Incarnation, options.Self.Addresses, options.Self.Metadata),
    };
}
