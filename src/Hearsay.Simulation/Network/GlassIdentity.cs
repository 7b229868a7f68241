using Hearsay.Protocols.Security.Identity;

namespace Hearsay.Simulation.Network;

/// <summary>
/// The cryptography of identities of the nodes of one network: real, and with a window through which a witness sees
/// what was sealed last. Single threaded, like the network.
/// </summary>
/// <param name="inner">The real one.</param>
internal sealed class GlassIdentity(IdentityCipher inner) : IdentityCipher
{
    private byte[] _last = [];
    private int _lastBytes;

    /// <summary>The text that was sealed last, before it was encrypted.</summary>
    public ReadOnlySpan<byte> Last => _last.AsSpan(0, _lastBytes);

    /// <inheritdoc/>
    public override void Seal(
        ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag)
    {
        _last = _last.Length < text.Length ? new byte[2 * text.Length] : _last;
        text.CopyTo(_last);
        _lastBytes = text.Length;
        inner.Seal(key, number, data, text, tag);
    }

    /// <inheritdoc/>
    public override bool TryOpen(
        ReadOnlySpan<byte> key,
        ulong number,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag,
        Span<byte> text) => inner.TryOpen(key, number, data, closed, tag, text);

    /// <inheritdoc/>
    public override void PublicOf(ReadOnlySpan<byte> secret, Span<byte> publicKey) =>
        inner.PublicOf(secret, publicKey);

    /// <inheritdoc/>
    public override bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> publicKey, Span<byte> shared) =>
        inner.TryAgree(secret, publicKey, shared);

    /// <inheritdoc/>
    public override void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) =>
        inner.Mac(key, data, hash);

    /// <inheritdoc/>
    public override void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secret, Span<byte> signature) =>
        inner.Sign(message, secret, signature);

    /// <inheritdoc/>
    public override bool Verify(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature) =>
        inner.Verify(message, publicKey, signature);
}
