namespace Hearsay.Protocols.Rumors;

/// <summary>One rumor of a frame.</summary>
/// <param name="id">Which rumor.</param>
/// <param name="age">Its age in cycles.</param>
/// <param name="counter">The counter of its sender.</param>
/// <param name="hasText">Whether the frame has its text.</param>
/// <param name="text">The text, and in mode identity its proof behind it.</param>
internal readonly ref struct RumorEntry(
    RumorId id, ushort age, byte counter, bool hasText, ReadOnlySpan<byte> text)
{
    public RumorId Id { get; } = id;

    public ushort Age { get; } = age;

    public byte Counter { get; } = counter;

    public bool HasText { get; } = hasText;

    public ReadOnlySpan<byte> Text { get; } = text;
}
