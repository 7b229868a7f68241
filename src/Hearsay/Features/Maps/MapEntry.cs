using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay;

/// <summary>
/// What a map has under one key at one moment: a value, a counter, a set, a flag, or fields that have one of these.
/// Nodes that use one key in several ways at the same time get all of them.
/// </summary>
/// <remarks>Immutable; safe on any thread. Do not write to the bytes, since all readers share them.</remarks>
public sealed class MapEntry
{
    private readonly MapKeyState _state;

    /// <summary>The rows that are not of fields.</summary>
    private readonly IReadOnlyList<MapRow> _own;

    internal MapEntry(MapKeyState state)
    {
        _state = state;
        _own = HasFields(state)
            ? [.. state.Rows.Where(row => !MapKeys.IsOfField(row.Path, state.Path))] : state.Rows;
    }

    /// <summary>The key, or the name of the field.</summary>
    public string Key => KeyNames.IsStandIn(_state.Text)
        ? Encoding.UTF8.GetString(_state.Path.KeyPart()) : _state.Text;

    /// <summary>Whether the key has a value.</summary>
    public bool HasValue => _own.Any(IsValue);

    /// <summary>
    /// The value; empty if the key has none. Of values that were written concurrently, it is the one with the latest
    /// time stamp, the same on all nodes.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes => Values is [var first, ..] ? first : default;

    /// <summary>The value as text, decoded from UTF-8. Each call allocates a string.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>
    /// All values that were written concurrently: none of their writers had seen another of them. The first is
    /// <see cref="Bytes"/>. The next write replaces all of them.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Values =>
    [
        .. _own.Where(IsValue).OrderByDescending(static row => row.Stamp)
            .ThenByDescending(static row => row.Dot).Select(static row => row.Value),
    ];

    /// <summary>The sum of a counter; 0 if the key has none.</summary>
    public long Count
    {
        get
        {
            var sum = 0L;
            foreach (var row in _own)
            {
                sum += row.Kind == RowKind.Share ? CounterShare.Read(row.Value.Span).Value : 0;
            }

            return sum;
        }
    }

    /// <summary>The elements of a set, in the order of their UTF-8 bytes; empty if the key has none.</summary>
    public IReadOnlyList<string> Elements =>
    [
        .. _own.Where(static row => row.Kind == RowKind.Element).Select(static row => row.Path).Distinct()
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
            if (ReferenceEquals(_own, _state.Rows))
            {
                return [];
            }

            var fields = MapKeys.FieldsOf(_state.Path);
            return
            [
                .. _state.Rows.Where(row => MapKeys.IsOfField(row.Path, _state.Path))
                    .GroupBy(row => row.Path.Part(fields))
                    .OrderBy(static rows => rows.Key)
                    .Select(static rows => new MapEntry(new MapKeyState(
                        rows.Key, Encoding.UTF8.GetString(rows.Key.LastPart()), [.. rows]))),
            ];
        }
    }

    /// <summary>When the first of what the entry has expires; null if nothing of it does.</summary>
    public DateTimeOffset? Expires => _state.Expiry == long.MaxValue
        ? null : DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(_state.Expiry, s_latest));

    /// <summary>The rows, for the lines of an export.</summary>
    internal IReadOnlyList<MapRow> OwnRows => _own;

    /// <summary>Whether a flag is raised.</summary>
    public bool IsRaised => _own.Any(static row => row.Kind == RowKind.Flag);

    /// <summary>
    /// A text that changes with every change of the key. Nodes have the same one when they have the same under the key.
    /// </summary>
    public string Version
    {
        get
        {
            var dots = _state.Rows.Select(static row => row.Dot).Order()
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

    private static readonly long s_latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private static bool HasFields(MapKeyState state)
    {
        for (var i = 0; i < state.Rows.Count; i++)
        {
            if (MapKeys.IsOfField(state.Rows[i].Path, state.Path))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsValue(MapRow row) => row.Kind is RowKind.Register or RowKind.MultiValue;
}
