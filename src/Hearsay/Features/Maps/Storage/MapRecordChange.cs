using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>A change of a record in an <see cref="IMapStore"/>.</summary>
/// <param name="Map">The map, 1 to <see cref="MapOptions.LongestNameBytes"/> bytes of UTF-8.</param>
/// <param name="Key">The key of the record.</param>
/// <param name="Value">Its new value, which replaces an old one; null removes the record, if there is one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MapRecordChange(string Map, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);
