using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace Hearsay.AspNetCore.Maps;

/// <summary>Where a call writes: a key of a map, or a field beneath a key.</summary>
internal sealed class MapPlace
{
    private readonly GossipMapField? _field;
    private readonly WriteConcern _concern;
    private readonly TimeSpan? _life;
    private readonly CancellationToken _end;

    /// <summary>The place in the path of a call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="node">Holds the map.</param>
    /// <param name="expires">Whether what is written there may expire.</param>
    public MapPlace(HttpContext context, GossipNode node, bool expires)
    {
        (Map, Key, _end) = (MapField.Map(context, node), MapField.Key(context), CallEnd.Of(context));
        _field = MapField.FieldOf(context) is { } name ? Map.Field(Key, name) : null;
        _concern = MapField.Concern(context);
        _life = MapField.TimeToLive(context);
        if (_life is not null && !expires)
        {
            throw new ProblemException(Problems.Field(
                "ttlSeconds", "nothing here", "Values, elements and flags expire, and nothing else does."));
        }
    }

    /// <summary>The map.</summary>
    public GossipMap Map { get; }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>Sets a value.</summary>
    public Task<MapWrite> SetAsync(ReadOnlyMemory<byte> value) => (_field, _life) switch
    {
        ({ } field, { } life) => field.SetAsync(value, life, _concern, _end),
        ({ } field, _) => field.SetAsync(value, _concern, _end),
        (_, { } life) => Map.SetAsync(Key, value, life, _concern, _end),
        _ => Map.SetAsync(Key, value, _concern, _end),
    };

    /// <summary>Adds to a counter.</summary>
    public Task<MapWrite> IncrementAsync(long amount) => _field is { } field
        ? field.IncrementAsync(amount, _concern, _end) : Map.IncrementAsync(Key, amount, _concern, _end);

    /// <summary>Adds an element to a set.</summary>
    public Task<MapWrite> AddAsync(string element) => (_field, _life) switch
    {
        ({ } field, { } life) => field.AddAsync(element, life, _concern, _end),
        ({ } field, _) => field.AddAsync(element, _concern, _end),
        (_, { } life) => Map.AddAsync(Key, element, life, _concern, _end),
        _ => Map.AddAsync(Key, element, _concern, _end),
    };

    /// <summary>Removes an element from a set.</summary>
    public Task<MapWrite> RemoveAsync(string element) => _field is { } field
        ? field.RemoveAsync(element, _concern, _end) : Map.RemoveAsync(Key, element, _concern, _end);

    /// <summary>Raises a flag.</summary>
    public Task<MapWrite> RaiseAsync() => (_field, _life) switch
    {
        ({ } field, { } life) => field.RaiseAsync(life, _concern, _end),
        ({ } field, _) => field.RaiseAsync(_concern, _end),
        (_, { } life) => Map.RaiseAsync(Key, life, _concern, _end),
        _ => Map.RaiseAsync(Key, _concern, _end),
    };

    /// <summary>Removes everything that is there.</summary>
    public Task<MapWrite> RemoveAsync() => _field is { } field
        ? field.RemoveAsync(_concern, _end) : Map.RemoveAsync(Key, _concern, _end);
}
