using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>A record of a map in an <see cref="IMapStore"/>.</summary>
/// <param name="Key">Its key within the map, 1 to 8,300 bytes. Valid until the next record is read.</param>
/// <param name="Value">Its value, at most 17 MiB. Its bytes never change.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MapRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
