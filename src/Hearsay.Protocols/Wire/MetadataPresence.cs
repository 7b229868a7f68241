namespace Hearsay.Protocols;

/// <summary>What a descriptor on the wire says of its peer's metadata.</summary>
public enum MetadataPresence : byte
{
    /// <summary>The owner set none.</summary>
    None,

    /// <summary>The bytes are in the descriptor.</summary>
    Included,

    /// <summary>There is metadata, but it did not fit; the incarnation is its version.</summary>
    Omitted,
}
