using System.Runtime.InteropServices;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>How a transaction changes the log of removals.</summary>
/// <param name="Added">Put at its end.</param>
/// <param name="Dropped">How many are then taken from its beginning.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LogChange(IReadOnlyList<LoggedRemoval> Added, int Dropped);
