using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace Hearsay.Hosting;

/// <summary>
/// The section of a feature: how its options come from the configuration into those of the host, and from there into
/// those of the node. They are the same record everywhere, so nothing of it is written here.
/// </summary>
/// <param name="name">The property of <see cref="HearsayOptions"/>, and the key of the section.</param>
/// <param name="read">Reads the section; what it returns puts the result into the options.</param>
/// <param name="toNode">Puts it into the options of the node.</param>
internal sealed class FeatureSection(
    string name, Func<IConfigurationSection, HearsayOptions, List<string>, Action> read,
    Func<HearsayOptions, GossipNodeOptions, GossipNodeOptions> toNode)
{
    /// <summary>All of them. A feature with a section adds its line here, and a property to the options.</summary>
    public static IReadOnlyList<FeatureSection> All { get; } =
    [
        Of(
            nameof(HearsayOptions.Rumors),
            static options => options.Rumors,
            static (options, rumors) => options.Rumors = rumors,
            static (node, rumors) => node with { Rumors = rumors }),
        Of(
            nameof(HearsayOptions.Requests),
            static options => options.Requests,
            static (options, requests) => options.Requests = requests,
            static (node, requests) => node with { Requests = requests }),
        Of(
            nameof(HearsayOptions.Maps),
            static options => options.Maps,
            static (options, maps) => options.Maps = maps,
            static (node, maps) => node with { Maps = maps }),
    ];

    /// <summary>Reads the feature's section of a node's section.</summary>
    /// <param name="section">The node's section.</param>
    /// <param name="options">What it changes, once the result is called.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public Action Read(IConfiguration section, HearsayOptions options, List<string> errors) =>
        read(section.GetSection(name), options, errors);

    /// <summary>The options of the node with this section.</summary>
    public GossipNodeOptions ToNode(HearsayOptions options, GossipNodeOptions node) => toNode(options, node);

    private static FeatureSection Of<[DynamicallyAccessedMembers(OptionsRecord.Needed)] T>(
        string name, Func<HearsayOptions, T?> get, Action<HearsayOptions, T?> set,
        Func<GossipNodeOptions, T?, GossipNodeOptions> toNode)
        where T : class, new() => new(
            name,
            (section, options, errors) =>
            {
                var value = OptionsRecord.Read(section, get(options), errors);
                return () => set(options, value);
            },
            (options, node) => toNode(node, get(options)));
}
