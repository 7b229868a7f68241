using Hearsay.Protocols;
using Hearsay.Protocols.Security;

namespace Hearsay.Simulation.Network;

/// <summary>
/// The cryptography of the nodes of one network: real, with random bytes that follow from a seed, and a window through
/// which a witness sees what was sealed last. Single threaded, like the network.
/// </summary>
/// <param name="inner">The real one.</param>
/// <param name="seed">The seed of the random bytes.</param>
internal sealed class GlassCipher(RecordCipher inner, ulong seed) : RecordCipher
{
    private SeededRandom _random = SeededRandom.For(seed, 0, 0, 0xC1);
    private byte[] _last = [];
    private int _lastBytes;

    /// <summary>The text that was sealed last, before it was encrypted.</summary>
    public ReadOnlySpan<byte> Last => _last.AsSpan(0, _lastBytes);

    /// <inheritdoc/>
    public override void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> boot, Span<byte> bootKey) =>
        inner.Derive(key, boot, bootKey);

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
    public override void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) =>
        inner.Hash(key, data, hash);

    /// <inheritdoc/>
    public override void Fill(Span<byte> random)
    {
        foreach (ref var value in random)
        {
            value = (byte)_random.NextUInt64();
        }
    }
}
