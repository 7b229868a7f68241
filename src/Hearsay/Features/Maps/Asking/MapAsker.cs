using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Features.Maps.Asking;

/// <summary>Asks one node for something of a map that it holds. Nothing of it is held here.</summary>
/// <param name="map">The map.</param>
/// <param name="ask">Sends a request to the node and returns its answer.</param>
internal sealed class MapAsker(
    string map, Func<ReadOnlyMemory<byte>, CancellationToken, Task<ReadOnlyMemory<byte>>> ask)
{
    /// <summary>The most bytes that one entry is read of.</summary>
    private const long MostEntryBytes = 256L << 20;

    /// <summary>How long the node is told that nobody waits.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromMilliseconds(500);

    /// <summary>Finds a key; null if it is not there.</summary>
    public async Task<MapEntry?> GetAsync(string key, CancellationToken cancellation)
    {
        var updates = UpdatesAsync(new() { Kind = MapQuestionKind.Get, Map = map, Key = key }, cancellation);
        MapEntry? found = null;
        await foreach (var update in updates.ConfigureAwait(false))
        {
            found = found is null && update.Entry is { } entry ? entry : throw new MapAnswerException();
        }

        return found;
    }

    /// <summary>The entries with a prefix, as they are at one moment.</summary>
    public async IAsyncEnumerable<MapEntry> EntriesAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var updates = UpdatesAsync(new() { Kind = MapQuestionKind.Entries, Map = map, Text = prefix }, cancellation);
        await foreach (var update in updates.ConfigureAwait(false))
        {
            yield return update.Entry ?? throw new MapAnswerException();
        }
    }

    /// <summary>The keys with a prefix, without what they have.</summary>
    public async IAsyncEnumerable<string> KeysAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pieces = PiecesAsync(new() { Kind = MapQuestionKind.Keys, Map = map, Text = prefix }, cancellation);
        await foreach (var piece in pieces.ConfigureAwait(false))
        {
            yield return Named(piece, MapPiece.Key);
        }
    }

    /// <summary>The entries with a prefix, and then every change.</summary>
    public IAsyncEnumerable<MapUpdate> WatchAsync(string prefix, CancellationToken cancellation) =>
        UpdatesAsync(new() { Kind = MapQuestionKind.Watch, Map = map, Text = prefix }, cancellation);

    /// <summary>How much the node has.</summary>
    public async Task<MapStatus> StatusAsync(CancellationToken cancellation)
    {
        var piece = await OneAsync(new() { Kind = MapQuestionKind.Status, Map = map }, MapPiece.Status, cancellation)
            .ConfigureAwait(false);
        return MapPiece.ReadStatus(piece.Span) ?? throw new MapAnswerException();
    }

    /// <summary>Has the node change something.</summary>
    /// <param name="question">What; its map is set here.</param>
    /// <param name="cancellation">Ends the wait. The write stays.</param>
    public async Task<MapWrite> ChangeAsync(MapQuestion question, CancellationToken cancellation)
    {
        var piece = await OneAsync(question with { Map = map }, MapPiece.Written, cancellation).ConfigureAwait(false);
        return MapPiece.ReadWritten(piece.Span) ?? throw new MapAnswerException();
    }

    /// <summary>Has the node write JSON lines; returns how many there were.</summary>
    /// <param name="lines">At most <see cref="MapQuestion.LongestImportBytes"/>.</param>
    /// <param name="otherNodes">How many nodes beside it must have them.</param>
    /// <param name="patience">How long it waits for them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="FormatException">A line is malformed. Those before it are written.</exception>
    public async Task<long> ImportAsync(
        ReadOnlyMemory<byte> lines, int otherNodes, TimeSpan patience, CancellationToken cancellation)
    {
        var question = new MapQuestion
        {
            Kind = MapQuestionKind.Import, Map = map, Value = lines, OtherNodes = otherNodes, Patience = patience,
        };
        var piece = await OneAsync(question, MapPiece.Lines, cancellation).ConfigureAwait(false);
        return ReadCount(piece);
    }

    private async Task<ReadOnlyMemory<byte>> OneAsync(
        MapQuestion question, byte kind, CancellationToken cancellation)
    {
        await foreach (var piece in PiecesAsync(question, cancellation).ConfigureAwait(false))
        {
            return piece.Span[0] == kind ? piece[1..] : throw new MapAnswerException();
        }

        throw new MapAnswerException();
    }

    private async IAsyncEnumerable<MapUpdate> UpdatesAsync(
        MapQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (entry, rows, missing, bytes) = (default(RowPath), new List<MapRow>(), 0, 0L);
        var isState = false;
        await foreach (var piece in PiecesAsync(question, cancellation).ConfigureAwait(false))
        {
            var kind = piece.Span[0];
            if (missing > 0)
            {
                rows.Add(ReadRow(piece, entry));
                bytes += piece.Length;
                if (--missing == 0)
                {
                    yield return Entry(entry, rows, isState);
                }

                missing = bytes <= MostEntryBytes ? missing : throw new MapAnswerException();
            }
            else if (kind == MapPiece.Entry)
            {
                (entry, missing, isState) = ReadEntry(piece);
                (rows, bytes) = ([], 0);
            }
            else
            {
                yield return kind == MapPiece.Lagged ? new MapUpdate { Missed = ReadCount(piece[1..]) }
                    : new MapUpdate { Key = Named(piece, MapPiece.Removed) };
            }
        }

        _ = missing == 0 ? 0 : throw new MapAnswerException();
    }

    /// <summary>The pieces of an answer. Each is valid until the next one.</summary>
    /// <exception cref="InvalidOperationException">The node does not do it.</exception>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(
        MapQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var call = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var (reader, isOver) = (new PieceReader(), false);
        try
        {
            var answer = await BeginAsync(call, question.ToBytes(), cancellation).ConfigureAwait(false);
            while (true)
            {
                isOver = answer.Span[0] == MapCallFrame.IsLast;
                reader.Add(answer.Span[1..]);
                while (reader.TryTake(out var piece))
                {
                    ThrowIfRefused(piece);
                    yield return piece;
                }

                if (isOver)
                {
                    break;
                }

                answer = await AskAsync(MapCallFrame.Of(MapCallFrame.Next, call), cancellation).ConfigureAwait(false);
            }

            reader.End();
        }
        finally
        {
            if (!isOver)
            {
                await EndAsync(call).ConfigureAwait(false);
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>> BeginAsync(ulong call, byte[] question, CancellationToken cancellation)
    {
        for (var at = 0; ;)
        {
            var part = question.AsMemory(at, Math.Min(question.Length - at, MapCallFrame.PartBytes));
            var answer = await AskAsync(
                MapCallFrame.Of(at == 0 ? MapCallFrame.Begin : MapCallFrame.More, call, question.Length, part),
                cancellation).ConfigureAwait(false);
            at += part.Length;
            if (answer.Span[0] != MapCallFrame.GoOn)
            {
                return answer;
            }

            _ = at < question.Length ? 0 : throw new MapAnswerException();
        }
    }

    private async Task<ReadOnlyMemory<byte>> AskAsync(byte[] request, CancellationToken cancellation)
    {
        var answer = await ask(request, cancellation).ConfigureAwait(false);
        return answer.Length > 0 && answer.Span[0] <= MapCallFrame.IsLast ? answer : throw new MapAnswerException();
    }

    /// <summary>The node would notice by itself, but only after a while.</summary>
    private async Task EndAsync(ulong call)
    {
        using var limit = new CancellationTokenSource(s_farewell);
        try
        {
            await ask(MapCallFrame.Of(MapCallFrame.End, call), limit.Token).ConfigureAwait(false);
        }
        catch (Exception gone)
            when (gone is HearsayException or OperationCanceledException or InvalidOperationException)
        {
        }
    }

    private static void ThrowIfRefused(ReadOnlyMemory<byte> piece)
    {
        if (piece.Span[0] != MapPiece.Refused || piece.Length < 2)
        {
            return;
        }

        var why = Encoding.UTF8.GetString(piece.Span[2..]);
        throw (MapRefusal)piece.Span[1] switch
        {
            MapRefusal.Line => new FormatException(why),
            MapRefusal.Malformed => new ArgumentException(why),
            _ => new InvalidOperationException(why),
        };
    }

    private static MapUpdate Entry(RowPath path, List<MapRow> rows, bool isState)
    {
        var entry = new MapEntry(path, KeyNames.Of(path), [.. rows]);
        return new MapUpdate { Key = entry.Key, Entry = entry, IsState = isState };
    }

    private static (RowPath Path, int Rows, bool IsState) ReadEntry(ReadOnlyMemory<byte> piece)
    {
        var reader = new WireReader(piece.Span[1..]);
        var flags = reader.ReadByte();
        return Varint.TryRead(ref reader, out var rows) && rows is > 0 and <= MapPiece.MostRows
            && DotCodec.TryRead(ref reader, out RowPath path)
            ? (path, (int)rows, (flags & MapPiece.StateFlag) != 0) : throw new MapAnswerException();
    }

    private static MapRow ReadRow(ReadOnlyMemory<byte> piece, RowPath entry)
    {
        var reader = new WireReader(piece.Span[1..]);
        return piece.Span[0] == MapPiece.Row && RowCodec.TryRead(ref reader, out var row) && row.Path.IsWithin(entry)
            ? row : throw new MapAnswerException();
    }

    private static long ReadCount(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes.Span);
        return Varint.TryRead(ref reader, out var count) && count <= long.MaxValue
            ? (long)count : throw new MapAnswerException();
    }

    private static string Named(ReadOnlyMemory<byte> piece, byte kind)
    {
        var reader = new WireReader(piece.Span[1..]);
        return piece.Span[0] == kind && DotCodec.TryRead(ref reader, out RowPath path)
            ? Encoding.UTF8.GetString(path.KeyPart()) : throw new MapAnswerException();
    }
}
