namespace Hearsay.Protocols.Security.Identity;

/// <summary>A node whose token was verified. Immutable.</summary>
/// <param name="id">Its id.</param>
/// <param name="token">Its token, verified; copied.</param>
internal sealed class Member(NodeId id, in AdmissionToken token)
{
    private readonly byte[] _key = token.Key.ToArray();
    private readonly byte[] _token = token.Bytes.ToArray();

    /// <summary>Its id.</summary>
    public NodeId Id { get; } = id;

    /// <summary>Its static key.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>
    /// What this node's static key and its have in common, once a handshake has needed it: it is the same in each. Only
    /// this node's envelope knows the object. As secret as the static key.
    /// </summary>
    public byte[]? Shared { get; set; }

    /// <summary>Its token.</summary>
    public ReadOnlySpan<byte> Token => _token;

    /// <summary>When the operator signed it, in seconds since 1970.</summary>
    public long Issued { get; } = token.Issued;

    /// <summary>Its end, in seconds since 1970.</summary>
    public long End { get; } = token.End;

    /// <summary>Whether it may extend the tokens of others.</summary>
    public bool IsRenewer { get; } = token.IsRenewer;

    /// <summary>Who extended its token; none if nobody did.</summary>
    public NodeId Renewer { get; } = RenewerOf(token, out _);

    /// <summary>When the operator signed the token of who extended it.</summary>
    public long RenewerIssued { get; } = IssuedOfRenewer(token);

    /// <summary>What applications see of it.</summary>
    public PeerIdentity Identity { get; } =
        new(token.NameText(), token.Key, DateTimeOffset.FromUnixTimeSeconds(token.End));

    private static NodeId RenewerOf(in AdmissionToken token, out long issued)
    {
        issued = 0;
        if (!token.IsExtended || !AdmissionToken.TryRead(token.RenewerToken, out var renewer))
        {
            return NodeId.None;
        }

        issued = renewer.Issued;
        return NodeKeys.IdOf(renewer.Key);
    }

    private static long IssuedOfRenewer(in AdmissionToken token)
    {
        _ = RenewerOf(token, out var issued);
        return issued;
    }
}
