using System.Text;

namespace Hearsay.Hosting;

/// <summary>The one place where the host's options become a node's.</summary>
internal static class HearsayOptionsMapping
{
    /// <summary>The node's options.</summary>
    public static GossipNodeOptions ToNodeOptions(HearsayOptions options) =>
        OptionsSection.All.Aggregate(ToPlainNode(options), (node, section) => section.ToNode(options, node));

    /// <summary>Everything that makes the options unusable, each message with the option and what is allowed.</summary>
    public static IReadOnlyList<string> Errors(HearsayOptions options)
    {
        var errors = new List<string>();
        if (options.Metadata is { } metadata && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(metadata)) != metadata)
        {
            errors.Add("Metadata must be valid Unicode, without a lone surrogate.");
        }

        try
        {
            errors.AddRange(GossipNodeValidation.Errors(ToNodeOptions(options)));
        }
        catch (IOException unreadable)
        {
            errors.Add($"Keyring cannot be used: {unreadable.Message}");
        }

        return errors;
    }

    private static GossipNodeOptions ToPlainNode(HearsayOptions options) => new()
    {
        Bind = options.Bind,
        Advertise = options.Advertise,
        Seeds = [.. options.Seeds],
        Cluster = options.Cluster,
        Security = options.Keyring is { } path ? ClusterSecurity.FromKeyring(path) : ClusterSecurity.Open,
        DataDirectory = options.DataDirectory,
        OnIdConflict = options.OnIdConflict,
        Metadata = Encoding.UTF8.GetBytes(options.Metadata ?? string.Empty),
        LeaveTimeout = options.LeaveTimeout ?? GossipNodeOptions.DefaultLeaveTimeout,
    };
}
