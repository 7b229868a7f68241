namespace Hearsay.Protocols.Wire;

/// <summary>What a descriptor on the wire says about the metadata of its peer.</summary>
internal enum MetadataPresence : byte
{
    /// <summary>The peer has no metadata.</summary>
    None,

    /// <summary>The descriptor contains the metadata.</summary>
    Included,

    /// <summary>The peer has metadata, but it did not fit. The incarnation is its version.</summary>
    Omitted,
}
