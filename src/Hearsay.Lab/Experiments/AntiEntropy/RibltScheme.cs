using Hearsay.Lab.Engines;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>
/// The product's sketch: cells of a maintained prefix in chunks, until the other side has decoded. An answered
/// request is one round trip; the chunks after the first follow unasked, and all of the last one counts.
/// </summary>
internal sealed class RibltScheme : IReconcileScheme
{
    private readonly Lock _lock = new();
    private readonly SketchKey _key;
    private readonly SketchPrefix _all;
    private readonly int _idBytes;
    private readonly int _checkBytes;

    /// <summary>A scheme over some keys.</summary>
    /// <param name="symbols">The digests of all keys.</param>
    /// <param name="idBytes">The width of an id. Of more than 8 bytes the rest would only be XORed along: it changes no
    /// decision, so it is counted and not computed.</param>
    /// <param name="checkBytes">The width of a check.</param>
    /// <param name="cells">The cells of the prefix.</param>
    /// <param name="seed">The secret follows from it.</param>
    public RibltScheme(ulong[] symbols, int idBytes, int checkBytes, int cells, ulong seed)
    {
        (_idBytes, _checkBytes) = (idBytes, checkBytes);
        _key = new SketchKey(SeededRandom.Mix(seed), SeededRandom.Mix(~seed));
        _all = new SketchPrefix(_key, cells);
        foreach (var symbol in symbols)
        {
            _all.Add(symbol);
        }
    }

    /// <inheritdoc/>
    public ReconcileCost Run(ReconcileCase difference)
    {
        if (difference.Missing.Length == 0)
        {
            return new(HeartbeatBytes(difference), 0, null, null, 0, IsComplete: true);
        }

        var mine = Without(difference.OnlyTheirs, difference.Symbols);
        var theirs = Without(difference.OnlyMine, difference.Symbols);
        var mask = _checkBytes == sizeof(ulong) ? ulong.MaxValue : uint.MaxValue;
        var decoder = new SketchDecoder(mine, _key, _checkBytes, theirs.Cells.Length);
        var (bytes, sent, start) = (0L, 0, ThreadCpu.Seconds);
        while (decoder.Progress == SketchProgress.NeedsCells)
        {
            var chunk = SketchLimits.NextChunk(sent, theirs.Cells.Length);
            bytes += SketchCodec.HeadBytesOf(theirs.Items, sent, chunk);
            for (var end = sent + chunk; sent < end; sent++)
            {
                var cell = theirs.Cells[sent];
                bytes += SketchCodec.BytesOf(cell, theirs.Items, sent, _checkBytes) + _idBytes - sizeof(ulong);
                decoder.Take(cell with { Check = cell.Check & mask });
            }
        }

        var milliseconds = 1_000 * (ThreadCpu.Seconds - start);
        var isComplete = decoder.Progress == SketchProgress.Done
            && Same(decoder.OnlyTheirs, difference.OnlyTheirs, difference.Symbols)
            && Same(decoder.OnlyMine, difference.OnlyMine, difference.Symbols);
        return new(bytes, 1, decoder.Taken, milliseconds, 0, isComplete);
    }

    private static int HeartbeatBytes(ReconcileCase difference)
    {
        Span<byte> buffer = stackalloc byte[Heartbeat.MostBytes];
        var writer = new WireWriter(buffer);
        new Heartbeat(UInt128.MaxValue, UInt128.MaxValue, (ulong)difference.TheirItems, true).Write(ref writer);
        return writer.Position;
    }

    private static bool Same(IEnumerable<ulong> found, IEnumerable<int> expected, ulong[] symbols) =>
        found.Order().SequenceEqual(expected.Select(index => symbols[index]).Order());

    private SketchSnapshot Without(IEnumerable<int> missing, ulong[] symbols)
    {
        lock (_lock)
        {
            foreach (var index in missing)
            {
                _all.Remove(symbols[index]);
            }

            var snapshot = _all.Snapshot();
            foreach (var index in missing)
            {
                _all.Add(symbols[index]);
            }

            return snapshot;
        }
    }
}
