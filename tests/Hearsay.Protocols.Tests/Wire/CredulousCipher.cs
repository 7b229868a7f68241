using Hearsay.Protocols.Security;

namespace Hearsay.Protocols.Tests.Wire;

/// <summary>
/// Takes every tag and encrypts nothing, so that inputs reach what only holders of the key reach. Random bytes are the
/// same after every <see cref="Restart"/>.
/// </summary>
internal sealed class CredulousCipher : RecordCipher
{
    private SeededRandom _random;

    public CredulousCipher() => Restart();

    public void Restart() => _random = SeededRandom.For(1, 0, 0, 0xF1);

    /// <inheritdoc/>
    public override void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> boot, Span<byte> bootKey) =>
        key.CopyTo(bootKey);

    /// <inheritdoc/>
    public override void Seal(
        ReadOnlySpan<byte> key, ulong number, ReadOnlySpan<byte> data, Span<byte> text, Span<byte> tag) =>
        tag.Clear();

    /// <inheritdoc/>
    public override bool TryOpen(
        ReadOnlySpan<byte> key,
        ulong number,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag,
        Span<byte> text)
    {
        closed.CopyTo(text);
        return true;
    }

    /// <inheritdoc/>
    public override void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash) => hash.Clear();

    /// <inheritdoc/>
    public override void Fill(Span<byte> random)
    {
        foreach (ref var value in random)
        {
            value = (byte)_random.NextUInt64();
        }
    }
}
