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
            errors.Add($"{(options.Identity is null ? "Keyring" : "Identity")} cannot be used: {unreadable.Message}");
        }

        return errors;
    }

    private static ClusterSecurity SecurityOf(HearsayOptions options)
    {
        if (options.Identity is null && options.Token is null && options.Admission is null)
        {
            return options.Keyring is { } path ? ClusterSecurity.FromKeyring(path) : ClusterSecurity.Open;
        }

        if (options.Keyring is not null)
        {
            throw new IOException("a node has either a keyring or an identity, and not both.");
        }

        return options is { Identity: { } identity, Token: { } token, Admission: { } admission }
            ? ClusterSecurity.FromIdentity(identity, token, admission)
            : throw new IOException("Identity, Token and Admission belong together: give all three, or none.");
    }

    private static GossipNodeOptions ToPlainNode(HearsayOptions options) => new()
    {
        Bind = options.Bind,
        Advertise = options.Advertise,
        Seeds = [.. options.Seeds],
        Cluster = options.Cluster,
        Security = SecurityOf(options),
        DataDirectory = options.DataDirectory,
        OnIdConflict = options.OnIdConflict,
        Metadata = Encoding.UTF8.GetBytes(options.Metadata ?? string.Empty),
        LeaveTimeout = options.LeaveTimeout ?? GossipNodeOptions.DefaultLeaveTimeout,
    };
}
