namespace Hearsay.Protocols.Tests.Wire;

/// <summary>A decoder, inputs that it takes, and what it must hold for any input.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Seeds">Inputs as they are sent or written.</param>
/// <param name="Try">Hands it an input; says what is wrong, or null.</param>
/// <param name="LeastBytes">It may allocate so much for any input, and four bytes for each byte of it.</param>
internal sealed record DecoderTarget(
    string Name, IReadOnlyList<byte[]> Seeds, DecoderTarget.Trial Try, int LeastBytes = 64 << 10)
{
    /// <summary>Hands a decoder an input.</summary>
    public delegate string? Trial(ReadOnlySpan<byte> input);
}
