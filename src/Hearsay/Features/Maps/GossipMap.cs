using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// A map that every node of the cluster holds and may write, without a leader. The maps of nodes that can reach each
/// other become equal, whatever messages were lost and however long the nodes were apart. Reads return the data of this
/// node at once.
/// </summary>
/// <remarks>
/// <para>A write replaces the values that this node has seen under the key. A concurrent write of another node is kept
/// as well: <see cref="MapEntry.Bytes"/> shows one of them, the same on all nodes, and <see cref="MapEntry.Values"/>
/// shows all. A removal removes the values that this node has seen, so a concurrent write survives it. Removing the
/// value that is shown can therefore reveal a concurrent value that this node had not seen.</para>
/// <para>If a counter is removed while another node increments it, the sum of all increments that the other node has
/// made since it started stays.</para>
/// <para>Safe on any thread.</para>
/// </remarks>
/// <example>
/// <code>
/// var config = node.GetMap("config");
/// await config.SetAsync("colour", "green");
/// if (config.TryGet("colour", out var entry))
/// {
///     Console.WriteLine(entry.Text);
/// }
/// </code>
/// </example>
public sealed class GossipMap
{
    private readonly MapService _service;
    private readonly PublishedStore _store;

    internal GossipMap(MapService service, string name, PublishedStore store) =>
        (_service, Name, _store) = (service, name, store);

    /// <summary>The name of the map.</summary>
    public string Name { get; }

    /// <summary>Finds a key in the present data of this node.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The entry of the key.</param>
    /// <returns>False if the map does not have the key.</returns>
    /// <exception cref="ArgumentException">The key has a lone surrogate.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public bool TryGet(string key, [NotNullWhen(true)] out MapEntry? entry)
    {
        ArgumentNullException.ThrowIfNull(key);
        _service.ThrowIfCompleted();
        entry = _store.Find(key);
        if (entry is { Expiry: not long.MaxValue })
        {
            entry = entry.At(_service.UtcMilliseconds);
        }

        return entry is not null;
    }

    /// <summary>Returns the map as this node has it now. The snapshot never changes.</summary>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public MapSnapshot Snapshot()
    {
        _service.ThrowIfCompleted();
        return new MapSnapshot(_store.State, _service.UtcMilliseconds);
    }

    /// <summary>The entries whose keys begin with a text, as this node has them now, in order.</summary>
    /// <param name="prefix">The text; empty for all entries.</param>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public IEnumerable<MapEntry> Entries(string prefix = "") => Snapshot().Entries(prefix);

    /// <summary>
    /// Sets a value. The task completes when this node has it, or later if a <paramref name="concern"/> says so.
    /// </summary>
    /// <param name="key">The key, 1 to <see cref="MapOptions.LongestKeyBytes"/> bytes of UTF-8.</param>
    /// <param name="value">
    /// The value, at most <see cref="MapOptions.LargestValueBytes"/> bytes. It is copied before the call returns.
    /// </param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    /// <exception cref="ArgumentException">The key or the value is too long, or the key is empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// The map is full (<see cref="MapOptions.MaximumKeys"/>, <see cref="MapOptions.MaximumBytes"/>), or the node has
    /// too many maps.
    /// </exception>
    /// <exception cref="HearsayException">Too many commands wait for the node; try again later.</exception>
    /// <exception cref="IOException">The store of the map failed. It is not known whether the store has the
    /// write.</exception>
    /// <exception cref="WriteConcernException">Too few nodes had the write in time. It stays.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped or is leaving.</exception>
    public Task<MapWrite> SetAsync(
        string key, ReadOnlyMemory<byte> value, WriteConcern? concern = null,
        CancellationToken cancellationToken = default) => ChangeAsync(
            MapChange.Set(MapKeys.Path(key), RowKind.Register, MapKeys.Checked(value).ToArray()), concern,
            cancellationToken);

    /// <summary>Sets a value to a text, which is encoded as UTF-8. See the overload for bytes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">The text.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    /// <exception cref="ArgumentException">The key or the text is too long or has a lone surrogate.</exception>
    public Task<MapWrite> SetAsync(
        string key, string text, WriteConcern? concern = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SetAsync(key, StrictUtf8.GetBytes(text, nameof(text)), concern, cancellationToken);
    }

    /// <summary>Sets a value to JSON. See the overload for bytes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is written; source generation makes it.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    public Task<MapWrite> SetAsync<T>(
        string key, T value, JsonTypeInfo<T> type, WriteConcern? concern = null,
        CancellationToken cancellationToken = default) =>
        SetAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, type), concern, cancellationToken);

    /// <summary>
    /// Sets a value that expires. When its time is over by the clock of a node, readers on that node no longer see it.
    /// It is then removed like any other value, and watchers are told. See the overload without a time.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value. It is copied before the call returns.</param>
    /// <param name="timeToLive">How long it lives, from 1 ms to 100 years.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public Task<MapWrite> SetAsync(
        string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, WriteConcern? concern = null,
        CancellationToken cancellationToken = default) => ChangeAsync(
            MapChange.Set(MapKeys.Path(key), RowKind.Register, MapKeys.Checked(value).ToArray())
                .Until(_service.Expiry(timeToLive)), concern, cancellationToken);

    /// <summary>Sets a text that expires. See the overload for bytes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">The text.</param>
    /// <param name="timeToLive">How long it lives, from 1 ms to 100 years.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The write stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public Task<MapWrite> SetAsync(
        string key, string text, TimeSpan timeToLive, WriteConcern? concern = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SetAsync(key, StrictUtf8.GetBytes(text, nameof(text)), timeToLive, concern, cancellationToken);
    }

    /// <summary>Adds an element that expires to the set of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="element">The element.</param>
    /// <param name="timeToLive">How long it lives, from 1 ms to 100 years.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The element stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public Task<MapWrite> AddAsync(
        string key, string element, TimeSpan timeToLive, WriteConcern? concern = null,
        CancellationToken cancellationToken = default) => ChangeAsync(
            MapChange.Set(MapKeys.Path(key, element), RowKind.Element, default).Until(_service.Expiry(timeToLive)),
            concern, cancellationToken);

    /// <summary>Raises a flag that falls by itself when its time is over, like a lease.</summary>
    /// <param name="key">The key.</param>
    /// <param name="timeToLive">How long it is up, from 1 ms to 100 years.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The flag stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public Task<MapWrite> RaiseAsync(
        string key, TimeSpan timeToLive, WriteConcern? concern = null,
        CancellationToken cancellationToken = default) => ChangeAsync(
            MapChange.Set(MapKeys.Path(key), RowKind.Flag, default).Until(_service.Expiry(timeToLive)), concern,
            cancellationToken);

    /// <summary>Removes everything that this node has seen under a key. A concurrent write survives.</summary>
    /// <param name="key">The key.</param>
    /// <param name="concern">How many nodes must have the removal; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The removal stays.</param>
    /// <returns>Whether there was anything to remove, and which nodes have the removal.</returns>
    public Task<MapWrite> RemoveAsync(
        string key, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(MapChange.Remove(MapKeys.Path(key)), concern, cancellationToken);

    /// <summary>Adds to the counter of a key. Increments of different nodes add up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="amount">The amount; negative to subtract.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The increment stays.</param>
    /// <exception cref="InvalidOperationException">
    /// The counter would leave the range of 64 bits. Increments of several nodes at the same time are not refused; see
    /// <see cref="MapEntry.Count"/>.
    /// </exception>
    public Task<MapWrite> IncrementAsync(
        string key, long amount = 1, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            MapChange.Increment(MapKeys.Path(key), MapKeys.Checked(amount)), concern, cancellationToken);

    /// <summary>Adds an element to the set of a key. It wins against a concurrent removal of the element.</summary>
    /// <param name="key">The key.</param>
    /// <param name="element">The element, at most <see cref="MapOptions.LongestKeyBytes"/> bytes of UTF-8.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The element stays.</param>
    public Task<MapWrite> AddAsync(
        string key, string element, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            MapChange.Set(MapKeys.Path(key, element), RowKind.Element, default), concern, cancellationToken);

    /// <summary>Removes an element from the set of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="element">The element.</param>
    /// <param name="concern">How many nodes must have the removal; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The removal stays.</param>
    /// <returns>Whether the element was there, and which nodes have the removal.</returns>
    public Task<MapWrite> RemoveAsync(
        string key, string element, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(MapChange.Remove(MapKeys.Path(key, element)), concern, cancellationToken);

    /// <summary>Raises the flag of a key. <see cref="RemoveAsync(string, WriteConcern?, CancellationToken)"/> lowers
    /// it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The flag stays.</param>
    public Task<MapWrite> RaiseAsync(
        string key, WriteConcern? concern = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(MapChange.Set(MapKeys.Path(key), RowKind.Flag, default), concern, cancellationToken);

    /// <summary>
    /// A field beneath a key. A key can hold several fields, each with a value, counter, set or flag that is written
    /// separately. <see cref="RemoveAsync(string, WriteConcern?, CancellationToken)"/> removes the key with its fields.
    /// </summary>
    /// <param name="key">The key, 1 to <see cref="MapOptions.LongestKeyBytes"/> bytes of UTF-8.</param>
    /// <param name="field">The name of the field, with the same bounds. Read it from
    /// <see cref="MapEntry.Fields"/>.</param>
    /// <exception cref="ArgumentException">Key or field is empty or too long, or has a lone surrogate.</exception>
    public GossipMapField Field(string key, string field) => new(this, key, field);

    /// <summary>
    /// Reads JSON lines as <see cref="MapSnapshot.ExportAsync"/> writes them, and writes their contents to the map: it
    /// sets values, adds elements and raises flags. It changes a counter by the difference between the line and the
    /// present count on this node. Keys that the lines do not name stay as they are. Of concurrent values it sets the
    /// first.
    /// </summary>
    /// <param name="input">The lines, in UTF-8.</param>
    /// <param name="concern">How many nodes must have each batch of lines; null for this node alone.</param>
    /// <param name="cancellationToken">Ends the import. Lines that were written before stay.</param>
    /// <returns>The number of lines.</returns>
    /// <exception cref="FormatException">A line is malformed; the message has its number. The lines before it are
    /// written.
    /// </exception>
    public Task<long> ImportAsync(
        Stream input, WriteConcern? concern = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return MapImport.ReadAsync(
            this, input, changes => ChangeAsync(changes, concern, cancellationToken), cancellationToken);
    }

    /// <summary>Makes all changes of a batch at once. Other nodes see all of them or none.</summary>
    /// <param name="batch">The changes.</param>
    /// <param name="concern">How many nodes must have it; null for this node alone.</param>
    /// <param name="cancellationToken">Cancels the wait for other nodes. The changes stay.</param>
    /// <returns>Whether anything changed, and which nodes have the batch.</returns>
    /// <exception cref="ArgumentException">Two changes of the batch touch the same place.</exception>
    public Task<MapWrite> WriteAsync(
        MapBatch batch, WriteConcern? concern = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _service.WriteAsync(
            Name, _store, batch.Changes(_service.Expiry), concern ?? WriteConcern.Local, cancellationToken);
    }

    /// <summary>
    /// Watches the entries whose keys begin with a text. The sequence begins with the present entries, marked by
    /// <see cref="MapUpdate.IsState"/>. Then comes every change, in the order in which this node sees them. The
    /// sequence ends when the node stops.
    /// </summary>
    /// <param name="prefix">The text; empty for all entries.</param>
    /// <param name="capacity">
    /// The number of changes that may wait for the reader, from 1 to 1,048,576. Further changes are dropped, and a
    /// notice says how many.
    /// </param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The text has a lone surrogate, or the capacity is out of range.</exception>
    /// <exception cref="InvalidOperationException">The map has 64 watchers on this node already.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public IAsyncEnumerable<MapUpdate> WatchAsync(
        string prefix = "", int capacity = 1_024, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 20);
        _service.ThrowIfCompleted();
        return FollowAsync(
            RowPath.PrefixOf(StrictUtf8.GetBytes(prefix, nameof(prefix))), capacity, cancellationToken);
    }

    /// <summary>Returns the state of the map on this node.</summary>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<MapStatus> ReadStatusAsync(CancellationToken cancellationToken = default) =>
        _service.ReadStatusAsync(Name, _store).WaitAsync(cancellationToken);

    /// <summary>When something expires that lives for a time from now on.</summary>
    internal long Expiry(TimeSpan timeToLive) => _service.Expiry(timeToLive);

    /// <summary>Changes something.</summary>
    internal Task<MapWrite> ChangeAsync(MapChange change, WriteConcern? concern, CancellationToken cancellation) =>
        ChangeAsync([change], concern, cancellation);

    private Task<MapWrite> ChangeAsync(
        IReadOnlyList<MapChange> changes, WriteConcern? concern, CancellationToken cancellation) =>
        _service.WriteAsync(Name, _store, changes, concern ?? WriteConcern.Local, cancellation);

    private async IAsyncEnumerable<MapUpdate> FollowAsync(
        byte[] prefix, int capacity, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var subscription = new MapSubscription(prefix, capacity);
        var state = _service.Watch(_store, subscription);
        try
        {
            foreach (var key in state.WithPrefix(prefix))
            {
                cancellation.ThrowIfCancellationRequested();
                if (key.At(_service.UtcMilliseconds) is { } entry)
                {
                    yield return new MapUpdate { Key = entry.Key, Entry = entry, IsState = true };
                }
            }

            await foreach (var update in subscription.ReadAsync(cancellation).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            _store.Remove(subscription);
        }
    }
}
