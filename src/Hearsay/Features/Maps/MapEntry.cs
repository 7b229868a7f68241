using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay;

/// <summary>
/// The contents of one key of a map at one moment: a value, a counter, a set, a flag, or fields that have one of these.
/// If nodes use one key in several of these ways at the same time, the entry has all of them.
/// </summary>
/// <remarks>Immutable; safe on any thread. Do not write to the bytes, since all readers share them.</remarks>
public sealed class MapEntry
{
    private static readonly long s_latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The one row, unless they are several or none.</summary>
    private readonly MapRow? _only;
    private MapRow[]? _rows;

    /// <summary>What is under a key or a field.</summary>
    /// <param name="path">The key or the field.</param>
    /// <param name="name">The same as text; see <see cref="KeyNames"/>.</param>
    /// <param name="rows">All rows there and beneath, in no particular order; none if it was removed, or if this only
    /// looks for it. They do not change afterwards.</param>
    internal MapEntry(RowPath path, string name, MapRow[] rows)
    {
        (Path, Name, _rows, Expiry) = (path, name, rows, long.MaxValue);
        MapRow? shown = null;
        foreach (var row in rows)
        {
            SizeBytes += row.Path.Bytes.Length + row.Value.Length;
            Expiry = row.Expiry == 0 ? Expiry : Math.Min(Expiry, row.Expiry);
            shown = IsValue(row) && IsOwn(row) && (shown is null || Wins(row, shown)) ? row : shown;
        }

        Bytes = shown?.Value ?? default;
    }

    /// <summary>What is under a key or a field that has one row.</summary>
    /// <param name="path">The key or the field.</param>
    /// <param name="name">The same as text.</param>
    /// <param name="row">The row.</param>
    internal MapEntry(RowPath path, string name, MapRow row)
    {
        (Path, Name, _only) = (path, name, row);
        (SizeBytes, Expiry) = (row.Path.Bytes.Length + row.Value.Length, row.Expiry == 0 ? long.MaxValue : row.Expiry);
        Bytes = IsValue(row) && IsOwn(row) ? row.Value : default;
    }

    /// <summary>The key or the field.</summary>
    internal RowPath Path { get; }

    /// <summary>The same as text; see <see cref="KeyNames"/>.</summary>
    internal string Name { get; }

    /// <summary>All rows, in no particular order; none if the key was removed.</summary>
    internal IReadOnlyList<MapRow> Rows => All;

    /// <summary>How many rows there are.</summary>
    internal int RowCount => Every.Length;

    /// <summary>Whether there is nothing: the key was removed.</summary>
    internal bool IsEmpty => _rows is { Length: 0 };

    /// <summary>When the first of the rows expires, in milliseconds since 1970; <see cref="long.MaxValue"/> if none
    /// does.</summary>
    internal long Expiry { get; }

    /// <summary>The bytes of the keys and values of all rows.</summary>
    internal long SizeBytes { get; }

    /// <summary>The next one of a <see cref="KeyTable"/>, which has this one.</summary>
    internal MapEntry? Next { get; set; }

    /// <summary>What that table found it by.</summary>
    internal uint Hash { get; set; }

    private MapRow[] All => _rows ??= [_only!];

    /// <summary>The same, without an array for the one row.</summary>
    private ReadOnlySpan<MapRow> Every => _rows is null ? new ReadOnlySpan<MapRow>(in _only!) : _rows;

    /// <summary>The rows that are not of fields.</summary>
    internal IReadOnlyList<MapRow> OwnRows => Array.TrueForAll(All, IsOwn)
        ? All : Array.FindAll(All, IsOwn);

    /// <summary>The key, or the name of the field.</summary>
    public string Key => KeyNames.IsStandIn(Name) ? Encoding.UTF8.GetString(Path.KeyPart()) : Name;

    /// <summary>Whether the key has a value.</summary>
    public bool HasValue => OwnRows.Any(IsValue);

    /// <summary>
    /// The value; empty if the key has none. Of values that were written concurrently, it is the one with the latest
    /// time stamp, the same on all nodes.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The value as text, decoded from UTF-8. Each call allocates a string.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>
    /// All values that were written concurrently: none of their writers had seen another of them. The first is
    /// <see cref="Bytes"/>. The next write replaces all of them.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Values =>
    [
        .. OwnRows.Where(IsValue).OrderByDescending(static row => row.Stamp)
            .ThenByDescending(static row => row.Dot).Select(static row => row.Value),
    ];

    /// <summary>
    /// The sum of a counter; 0 if the key has none. If several nodes together have exceeded the range of 64 bits, it is
    /// the greatest or the least number until enough is subtracted.
    /// </summary>
    public long Count => CounterShare.Shown(SumAt(Path));

    /// <summary>The elements of a set, in the order of their UTF-8 bytes; empty if the key has none.</summary>
    public IReadOnlyList<string> Elements =>
    [
        .. OwnRows.Where(static row => row.Kind == RowKind.Element).Select(static row => row.Path).Distinct()
            .Order().Select(static path => Encoding.UTF8.GetString(path.Parts()[^1])),
    ];

    /// <summary>
    /// The fields of the key, in the order of the UTF-8 bytes of their names; empty if it has none. See
    /// <see cref="GossipMap.Field"/>.
    /// </summary>
    public IReadOnlyList<MapEntry> Fields
    {
        get
        {
            if (ReferenceEquals(OwnRows, All))
            {
                return [];
            }

            var fields = MapKeys.FieldsOf(Path);
            return
            [
                .. All.Where(row => !IsOwn(row)).GroupBy(row => row.Path.Part(fields))
                    .OrderBy(static rows => rows.Key)
                    .Select(static rows => new MapEntry(
                        rows.Key, Encoding.UTF8.GetString(rows.Key.LastPart()), [.. rows])),
            ];
        }
    }

    /// <summary>The time at which the first part of the entry expires; null if no part of it expires.</summary>
    public DateTimeOffset? Expires => Expiry == long.MaxValue
        ? null : DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Expiry, s_latest));

    /// <summary>Whether a flag is raised.</summary>
    public bool IsRaised => OwnRows.Any(static row => row.Kind == RowKind.Flag);

    /// <summary>
    /// A text that changes with every change of the key. Nodes with the same contents under the key have the same text.
    /// </summary>
    public string Version
    {
        get
        {
            var dots = All.Select(static row => row.Dot).Order()
                .Select(static dot => FormattableString.Invariant($"{dot.Epoch}.{dot.Sequence}"));
            return Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', dots))).AsSpan(0, 16));
        }
    }

    /// <summary>The value, read as JSON.</summary>
    /// <param name="type">How it is read; source generation makes it.</param>
    /// <returns>The value; the default if the key has none.</returns>
    /// <exception cref="JsonException">The value is not JSON of this type.</exception>
    public T? Json<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return HasValue ? JsonSerializer.Deserialize(Bytes.Span, type) : default;
    }

    /// <inheritdoc/>
    public override string ToString() => HasValue ? $"{Key} = {Text}"
        : Fields is { Count: > 0 } fields ? $"{Key} = {{{string.Join("; ", fields)}}}"
        : Elements.Count > 0 ? $"{Key} = {{{string.Join(", ", Elements)}}}" : IsRaised ? $"{Key} (raised)"
        : FormattableString.Invariant($"{Key} = {Count}");

    /// <summary>The exact sum of a counter of the key or of a field.</summary>
    internal Int128 SumAt(RowPath counter)
    {
        var sum = default(Int128);
        foreach (var row in Every)
        {
            sum += IsShareOf(row, counter) ? CounterShare.Read(row.Value.Span).Value : 0;
        }

        return sum;
    }

    /// <summary>Whether there is what a write of a kind at a path changes: a row of the path, or the counter.</summary>
    internal bool Has(RowPath path, RowKind kind)
    {
        foreach (var row in Every)
        {
            if (kind == RowKind.Share ? IsShareOf(row, path) : row.Path.Equals(path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is there at a moment; null if it is nothing.</summary>
    internal MapEntry? At(long now)
    {
        if (now < Expiry)
        {
            return this;
        }

        var left = Array.FindAll(All, row => row.Expiry == 0 || row.Expiry > now);
        return left.Length == 0 ? null : new MapEntry(Path, Name, left);
    }

    /// <summary>With other rows.</summary>
    /// <param name="dropped">Rows that go, of this key or of others.</param>
    /// <param name="added">Rows that come, likewise; one alone is of this key.</param>
    internal MapEntry With(IReadOnlyList<RowClaim> dropped, IReadOnlyList<KeyValuePair<MapRow, UInt128>> added)
    {
        if (_only is not null && added.Count == 1 && dropped.Count == 1 && IsRow(dropped[0], _only))
        {
            return new MapEntry(Path, Name, added[0].Key);
        }

        var rows = new List<MapRow>(All.Length + 1);
        foreach (var row in All)
        {
            if (!dropped.Any(claim => IsRow(claim, row)))
            {
                rows.Add(row);
            }
        }

        foreach (var (row, _) in added)
        {
            if (row.Path.IsWithin(Path))
            {
                rows.Add(row);
            }
        }

        return rows.Count == 1 ? new MapEntry(Path, Name, rows[0]) : new MapEntry(Path, Name, [.. rows]);
    }

    private static bool IsShareOf(MapRow row, RowPath counter) => row.Kind == RowKind.Share
        && row.Path.IsWithin(counter) && !MapKeys.IsOfField(row.Path, counter);

    private static bool IsRow(in RowClaim claim, MapRow row) => claim.Dot == row.Dot && claim.Path.Equals(row.Path);

    private bool IsOwn(MapRow row) => !MapKeys.IsOfField(row.Path, Path);

    private static bool IsValue(MapRow row) => row.Kind is RowKind.Register or RowKind.MultiValue;

    private static bool Wins(MapRow row, MapRow other) =>
        row.Stamp != other.Stamp ? row.Stamp > other.Stamp : row.Dot.CompareTo(other.Dot) > 0;
}
