using System.Net;
using Hearsay.Addresses;
using Hearsay.Features;
using Hearsay.Features.Contract;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>Validates <see cref="GossipNodeOptions"/>. Safe on any thread.</summary>
public static class GossipNodeValidation
{
    private const int MaximumClusterCharacters = 255;

    private static readonly TimeSpan LongestLeaveTimeout = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Returns every error that makes the options unusable. Each message names the option and its range.
    /// </summary>
    /// <param name="options">The options to validate.</param>
    /// <returns>The errors; empty if the options are valid.</returns>
    public static IReadOnlyList<string> Errors(GossipNodeOptions options) => Errors(options, NodeFeatures.All);

    /// <summary>The same for nodes that may have the features of another list.</summary>
    internal static IReadOnlyList<string> Errors(GossipNodeOptions options, IReadOnlyList<FeatureDescription> features)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Sampling);
        ArgumentNullException.ThrowIfNull(options.Seeds);
        ArgumentNullException.ThrowIfNull(options.Protocols);
        ArgumentNullException.ThrowIfNull(options.Time);
        ArgumentNullException.ThrowIfNull(options.Security);
        var errors = new List<string>(PeerSamplingValidation.Errors(options.Sampling));
        errors.AddRange(AddressValidation.OfBind(options.Bind));
        errors.AddRange(AddressValidation.OfAdvertise(options.Advertise, options.Bind));
        CheckSeeds(options.Seeds, options.Bind, errors);
        if (string.IsNullOrEmpty(options.Cluster) || options.Cluster.Length > MaximumClusterCharacters)
        {
            errors.Add($"Cluster must have from 1 to {MaximumClusterCharacters} characters.");
        }
        else if (!StrictUtf8.CanEncode(options.Cluster))
        {
            errors.Add("Cluster must be valid Unicode, without a lone surrogate.");
        }

        if (errors.Count == 0 && options.Security.ErrorFor(options.Cluster, options.Time.GetUtcNow()) is { } unfit)
        {
            errors.Add($"Security cannot be used: {unfit}");
        }

        if (options.DataDirectory is { } directory && string.IsNullOrWhiteSpace(directory))
        {
            errors.Add("DataDirectory must be the path of a directory, not empty.");
        }

        if (options.Metadata.Length > Descriptor.MaximumMetadataBytes)
        {
            errors.Add(
                $"Metadata must have at most {Descriptor.MaximumMetadataBytes} bytes, not {options.Metadata.Length}.");
        }

        errors.AddRange(features.SelectMany(feature => feature.Errors(options)));
        if (options.LeaveTimeout < TimeSpan.Zero || options.LeaveTimeout > LongestLeaveTimeout)
        {
            errors.Add($"LeaveTimeout must be from 0 to 10 minutes, not {options.LeaveTimeout}.");
        }

        CheckProtocols(options.Protocols, errors);
        return errors;
    }

    /// <summary>
    /// Returns a warning for every choice that works but has a cost, with the reason. A node logs each of them once
    /// when it starts.
    /// </summary>
    /// <param name="options">The options to examine.</param>
    /// <returns>The warnings; empty if there are none.</returns>
    public static IReadOnlyList<string> Warnings(GossipNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var warnings = new List<string>(PeerSamplingValidation.Warnings(options.Sampling));
        if (HostPort.TryParse(options.Bind, GossipNodeOptions.DefaultPort, out var bind)
            && bind.Address is { } local && IPAddress.IsLoopback(local) && options.Seeds.Any(IsElsewhere))
        {
            warnings.Add(
                $"Bind {options.Bind} is reached from this machine only, but a seed is on another one. Set Bind to an "
                + "address of the network, or to 0.0.0.0 for all addresses.");
        }

        if (!options.Security.IsProtected && options.Network is null && bind.Address is { } reached
            && !IPAddress.IsLoopback(reached))
        {
            warnings.Add(
                $"Bind {options.Bind} is reached from other machines, and packets are neither authenticated nor "
                + "encrypted (effective security: open). Set Security to a keyring or an identity, unless "
                + "you trust every host of the network.");
        }

        return warnings;
    }

    /// <summary>Throws if the options have errors.</summary>
    /// <param name="options">The options to validate.</param>
    /// <exception cref="ArgumentException">The options are not valid. The message lists all errors.</exception>
    public static void ThrowIfInvalid(GossipNodeOptions options) => ThrowIfInvalid(options, NodeFeatures.All);

    /// <summary>The same for nodes that may have the features of another list.</summary>
    internal static void ThrowIfInvalid(GossipNodeOptions options, IReadOnlyList<FeatureDescription> features)
    {
        var errors = Errors(options, features);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }
    }

    private static bool IsElsewhere(string seed) =>
        HostPort.TryParse(seed, GossipNodeOptions.DefaultPort, out var parsed)
        && parsed.Address is { } address && !IPAddress.IsLoopback(address);

    private static void CheckSeeds(IReadOnlyList<string> seeds, string bind, List<string> errors)
    {
        if (seeds.Count > GossipNodeOptions.MaximumSeeds)
        {
            errors.Add($"Seeds must have at most {GossipNodeOptions.MaximumSeeds} entries, not {seeds.Count}.");
        }

        errors.AddRange(seeds.SelectMany(seed => AddressValidation.OfSeed(seed, bind)));
    }

    private static void CheckProtocols(IReadOnlyList<IProtocol> protocols, List<string> errors)
    {
        if (protocols.Count > GossipNodeOptions.MaximumProtocols)
        {
            errors.Add($"Protocols must have at most {GossipNodeOptions.MaximumProtocols} entries, not "
                + $"{protocols.Count}.");
        }

        foreach (var protocol in protocols)
        {
            if (protocol.Id < Frame.FirstApplicationProtocol)
            {
                errors.Add($"Protocols must have ids from {Frame.FirstApplicationProtocol} to 255, not {protocol.Id}.");
            }
        }

        if (protocols.Select(protocol => protocol.Id).Distinct().Count() != protocols.Count)
        {
            errors.Add("Protocols must have different ids.");
        }
    }
}
