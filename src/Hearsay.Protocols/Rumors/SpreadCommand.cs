namespace Hearsay.Protocols.Rumors;

/// <summary>
/// Begins a rumor, as a command of the application that wants to know what becomes of it. What a <c>byte[]</c> begins
/// is told of by an event only.
/// </summary>
/// <param name="Text">At most <see cref="RumorOptions.LargestPayloadBytes"/>; copied.</param>
/// <param name="Done">
/// Called inside the event loop: with the rumor's name, or with null if there is no room for another one in this cycle.
/// </param>
internal sealed record SpreadCommand(ReadOnlyMemory<byte> Text, Action<RumorId?> Done);
