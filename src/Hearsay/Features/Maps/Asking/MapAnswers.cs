using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hearsay.Settings;

namespace Hearsay.Features.Maps.Asking;

/// <summary>Answers what a node is asked of its maps. What it writes are its own writes.</summary>
/// <param name="service">The maps of the node.</param>
[SuppressMessage("Design", "CA1001", Justification = "Without wait handles it holds nothing to dispose.")]
internal sealed class MapAnswers(MapService service)
{
    private const string NoDigest = "00000000000000000000000000000000";

    /// <summary>One import at a time: counters are changed by what they differ from those that are there.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The pieces of an answer.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    public IAsyncEnumerable<byte[]> AnswerAsync(MapQuestion question, CancellationToken cancellation) =>
        question.Kind switch
        {
            MapQuestionKind.Get => StreamAsync(Get(question), cancellation),
            MapQuestionKind.Keys => StreamAsync(
                Entries(question).Select(static entry => MapPiece.OfKey(entry)), cancellation),
            MapQuestionKind.Entries => StreamAsync(
                Entries(question).SelectMany(static entry => MapPiece.Of(entry)), cancellation),
            MapQuestionKind.Watch => WatchAsync(question, cancellation),
            MapQuestionKind.Status => OneAsync(() => StatusAsync(question, cancellation)),
            MapQuestionKind.Import => OneAsync(() => ImportAsync(question, cancellation)),
            _ => OneAsync(async () => MapPiece.Of(await WriteAsync(question, cancellation).ConfigureAwait(false))),
        };

    /// <summary>What is told of an error; null if it is a defect of this node.</summary>
    public static byte[]? RefusalOf(Exception error) => error switch
    {
        FormatException => MapPiece.Of(MapRefusal.Line, error.Message),
        ArgumentException wrong => MapPiece.Of(MapRefusal.Malformed, ArgumentText.Of(wrong)),
        WriteConcernException or IOException or HearsayException or InvalidOperationException =>
            MapPiece.Of(MapRefusal.NotNow, error.Message),
        _ => null,
    };

    private GossipMap? Find(MapQuestion question) => service.Holds(question.Map) ? service.Map(question.Map) : null;

    private IEnumerable<byte[]> Get(MapQuestion question) =>
        Find(question) is { } map && map.TryGet(question.Key, out var entry) ? MapPiece.Of(entry) : [];

    /// <summary>As they are at one moment, however long it takes to send them.</summary>
    private IEnumerable<MapEntry> Entries(MapQuestion question) =>
        Find(question)?.Snapshot().Entries(question.Text) ?? [];

    private async Task<byte[]> StatusAsync(MapQuestion question, CancellationToken cancellation) => MapPiece.Of(
        Find(question) is { } map ? await map.ReadStatusAsync(cancellation).ConfigureAwait(false)
            : new MapStatus(0, 0, 0, NoDigest, NoDigest, true, false));

    private async IAsyncEnumerable<byte[]> WatchAsync(
        MapQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var updates = service.Map(question.Map).WatchAsync(question.Text, cancellationToken: cancellation);
        await foreach (var update in updates.ConfigureAwait(false))
        {
            foreach (var piece in MapPiece.Of(update))
            {
                yield return piece;
            }
        }
    }

    private async Task<byte[]> ImportAsync(MapQuestion question, CancellationToken cancellation)
    {
        if (question.Value.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return MapPiece.OfLines(0); // Nothing is written, and so no map is made.
        }

        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var lines = MemoryMarshal.TryGetArray(question.Value, out var bytes)
                ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count)
                : new MemoryStream(question.Value.ToArray());
            return MapPiece.OfLines(await service.Map(question.Map)
                .ImportAsync(lines, question.Concern, cancellation).ConfigureAwait(false));
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task<MapWrite> WriteAsync(MapQuestion question, CancellationToken cancellation)
    {
        if (question.Kind is MapQuestionKind.Remove or MapQuestionKind.Discard && Find(question) is null)
        {
            return Task.FromResult(new MapWrite(false, [])); // There is nothing to remove, and no map is made.
        }

        var map = service.Map(question.Map);
        var (key, text, concern) = (question.Key, question.Text, question.Concern);
        return question.Field is { } name
            ? WriteAsync(question, map.Field(key, name), cancellation)
            : (question.Kind, question.Life) switch
            {
                (MapQuestionKind.Set, { } life) => map.SetAsync(key, question.Value, life, concern, cancellation),
                (MapQuestionKind.Set, _) => map.SetAsync(key, question.Value, concern, cancellation),
                (MapQuestionKind.Increment, _) => map.IncrementAsync(key, question.Amount, concern, cancellation),
                (MapQuestionKind.Add, { } life) => map.AddAsync(key, text, life, concern, cancellation),
                (MapQuestionKind.Add, _) => map.AddAsync(key, text, concern, cancellation),
                (MapQuestionKind.Discard, _) => map.RemoveAsync(key, text, concern, cancellation),
                (MapQuestionKind.Raise, { } life) => map.RaiseAsync(key, life, concern, cancellation),
                (MapQuestionKind.Raise, _) => map.RaiseAsync(key, concern, cancellation),
                _ => map.RemoveAsync(key, concern, cancellation),
            };
    }

    private static Task<MapWrite> WriteAsync(
        MapQuestion question, GossipMapField field, CancellationToken cancellation)
    {
        var (text, concern) = (question.Text, question.Concern);
        return (question.Kind, question.Life) switch
        {
            (MapQuestionKind.Set, { } life) => field.SetAsync(question.Value, life, concern, cancellation),
            (MapQuestionKind.Set, _) => field.SetAsync(question.Value, concern, cancellation),
            (MapQuestionKind.Increment, _) => field.IncrementAsync(question.Amount, concern, cancellation),
            (MapQuestionKind.Add, { } life) => field.AddAsync(text, life, concern, cancellation),
            (MapQuestionKind.Add, _) => field.AddAsync(text, concern, cancellation),
            (MapQuestionKind.Discard, _) => field.RemoveAsync(text, concern, cancellation),
            (MapQuestionKind.Raise, { } life) => field.RaiseAsync(life, concern, cancellation),
            (MapQuestionKind.Raise, _) => field.RaiseAsync(concern, cancellation),
            _ => field.RemoveAsync(concern, cancellation),
        };
    }

    private static async IAsyncEnumerable<byte[]> OneAsync(Func<Task<byte[]>> answer)
    {
        yield return await answer().ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<byte[]> StreamAsync(
        IEnumerable<byte[]> pieces, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return piece;
        }
    }
}
