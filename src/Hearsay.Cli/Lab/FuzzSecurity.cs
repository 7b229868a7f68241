namespace Hearsay.Cli.Lab;

/// <summary>The modes of security in which a campaign can run.</summary>
internal enum FuzzSecurity
{
    /// <summary>Packets are not protected.</summary>
    Open,

    /// <summary>Packets are records.</summary>
    Key,

    /// <summary>Packets belong to sessions of nodes with identities.</summary>
    Identity,
}
