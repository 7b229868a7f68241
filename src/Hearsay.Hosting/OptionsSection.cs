using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Hearsay.Hosting;

/// <summary>
/// A section of the options: how they come from the configuration into those of the host, and from there into those of
/// the node. They are the same record everywhere, so no option of it is named here but those on which others depend.
/// </summary>
/// <param name="name">The property of <see cref="HearsayOptions"/>, and the key of the section.</param>
/// <param name="read">Reads the section; what it returns puts the result into the options.</param>
/// <param name="toNode">Puts it into the options of the node.</param>
internal sealed class OptionsSection(
    string name, Func<IConfigurationSection, HearsayOptions, List<string>, Action> read,
    Func<HearsayOptions, GossipNodeOptions, GossipNodeOptions> toNode)
{
    private const string Preset = "Preset";

    /// <summary>All of them. A feature adds its line here, and a property to the options.</summary>
    public static IReadOnlyList<OptionsSection> All { get; } =
    [
        Required(
            nameof(HearsayOptions.Sampling), static options => options.Sampling,
            static (options, sampling) => options.Sampling = sampling,
            static (node, sampling) => node with { Sampling = sampling }, FromPreset, Preset),
        Required(
            nameof(HearsayOptions.Neighbours), static options => options.Neighbours,
            static (options, neighbours) => options.Neighbours = neighbours,
            static (node, neighbours) => node with { Neighbours = neighbours }),
        Optional(
            nameof(HearsayOptions.Broadcast), static options => options.Broadcast,
            static (options, broadcast) => options.Broadcast = broadcast,
            static (node, broadcast) => node with { Broadcast = broadcast }),
        Optional(
            nameof(HearsayOptions.Aggregation), static options => options.Aggregation,
            static (options, aggregation) => options.Aggregation = aggregation,
            static (node, aggregation) => node with { Aggregation = aggregation }, WithCycles),
        Optional(
            nameof(HearsayOptions.Rumors), static options => options.Rumors,
            static (options, rumors) => options.Rumors = rumors,
            static (node, rumors) => node with { Rumors = rumors }),
        Optional(
            nameof(HearsayOptions.Requests), static options => options.Requests,
            static (options, requests) => options.Requests = requests,
            static (node, requests) => node with { Requests = requests }),
        Optional(
            nameof(HearsayOptions.Maps), static options => options.Maps,
            static (options, maps) => options.Maps = maps,
            static (node, maps) => node with { Maps = maps }),
    ];

    /// <summary>Reads the section in a node's section.</summary>
    /// <param name="section">The node's section.</param>
    /// <param name="options">What it changes, once the result is called.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public Action Read(IConfiguration section, HearsayOptions options, List<string> errors) =>
        read(section.GetSection(name), options, errors);

    /// <summary>The options of the node with this section.</summary>
    public GossipNodeOptions ToNode(HearsayOptions options, GossipNodeOptions node) => toNode(options, node);

    /// <summary>A section that may be left out, and is null then.</summary>
    /// <param name="name">See the constructor.</param>
    /// <param name="get">Reads it.</param>
    /// <param name="set">Changes it.</param>
    /// <param name="toNode">Puts it into the options of the node.</param>
    /// <param name="prepare">What the options that are not named follow from; null if they keep their values.</param>
    private static OptionsSection Optional<[DynamicallyAccessedMembers(OptionsRecord.Needed)] T>(
        string name, Func<HearsayOptions, T?> get, Action<HearsayOptions, T?> set,
        Func<GossipNodeOptions, T?, GossipNodeOptions> toNode,
        Func<IConfigurationSection, T, List<string>, T>? prepare = null)
        where T : class, new() => new(
            name,
            (section, options, errors) =>
            {
                var before = get(options);
                if (prepare is not null && section.GetChildren().Any())
                {
                    before = prepare(section, before ?? new T(), errors);
                }

                var value = OptionsRecord.Read(section, before, errors);
                return () => set(options, value);
            },
            (options, node) => toNode(node, get(options)));

    /// <summary>A section that every node has. Parameters as above.</summary>
    private static OptionsSection Required<[DynamicallyAccessedMembers(OptionsRecord.Needed)] T>(
        string name, Func<HearsayOptions, T> get, Action<HearsayOptions, T> set,
        Func<GossipNodeOptions, T, GossipNodeOptions> toNode,
        Func<IConfigurationSection, T, List<string>, T>? prepare = null, params string[] more)
        where T : class, new() => new(
            name,
            (section, options, errors) =>
            {
                if (section.Value is not (null or ""))
                {
                    errors.Add($"{section.Path} must be a section, not '{section.Value}'.");
                    return static () => { };
                }

                var before = prepare?.Invoke(section, get(options), errors) ?? get(options);
                var value = OptionsRecord.Read(section, before, errors, more)!;
                return () => set(options, value);
            },
            (options, node) => toNode(node, get(options)));

    private static PeerSamplingOptions FromPreset(
        IConfigurationSection section, PeerSamplingOptions before, List<string> errors)
    {
        if (section[Preset] is { } preset && !PeerSamplingOptions.TryGetPreset(preset, out before))
        {
            errors.Add($"{section.Path}:{Preset} must be one of "
                + $"{string.Join(", ", PeerSamplingOptions.PresetNames)}, not '{preset}'.");
        }

        return int.TryParse(section[nameof(before.ViewSize)], CultureInfo.InvariantCulture, out var size)
            ? before.WithViewSize(size) : before;
    }

    private static AggregationOptions WithCycles(
        IConfigurationSection section, AggregationOptions before, List<string> errors)
    {
        var culture = CultureInfo.InvariantCulture;
        return before.WithCycles(
            TimeSpan.TryParse(section[nameof(before.CycleTime)], culture, out var time) ? time : null,
            int.TryParse(section[nameof(before.CyclesPerEpoch)], culture, out var cycles) ? cycles : null);
    }
}
