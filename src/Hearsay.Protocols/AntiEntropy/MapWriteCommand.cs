using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>Changes a map: all changes are one event.</summary>
/// <param name="Name">The map. It is opened if it is not.</param>
/// <param name="Changes">What is done; see <see cref="MapReplica.Write(IReadOnlyList{MapChange}, ulong, out Dot)"/>.
/// </param>
/// <param name="TimeMilliseconds">The stamp of new rows, by the clock of this node.</param>
/// <param name="Done">Called inside the event loop with the outcome and the event, when this node has it.</param>
/// <param name="Confirm">Who waits until other nodes have it, too; null if nobody does.</param>
internal sealed record MapWriteCommand(
    string Name, IReadOnlyList<MapChange> Changes, ulong TimeMilliseconds, Action<WriteOutcome, Dot>? Done = null,
    MapConfirm? Confirm = null);
