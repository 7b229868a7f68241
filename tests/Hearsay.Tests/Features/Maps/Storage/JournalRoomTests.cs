using Hearsay.Features.Maps;
using Hearsay.Features.Maps.Storage;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Tests.Features.Maps.Storage;

/// <summary>How much may wait for a store.</summary>
public sealed class JournalRoomTests
{
    /// <summary>Rows share it, so that a transaction can be large without any memory.</summary>
    private static readonly byte[] s_value = new byte[1 << 20];

    private static readonly EpochId s_epoch = new(new NodeId(1, 1), 1);

    [Fact]
    public void What_one_exchange_brings_is_taken_however_large_it_is_and_nothing_more_until_it_is_stored()
    {
        using var journal = new MapJournal(new MemoryMapStorage().Open(), static _ => true, static _ => { });
        var part = new JournalPart(journal, "m");
        Assert.True(journal.TryEnqueue(part, Rows(1)));
        Assert.True(journal.TryEnqueue(part, Rows(2_000)));
        Assert.False(journal.TryEnqueue(part, Rows(1)));
        Assert.Equal(2, journal.Waiting);
    }

    [Fact]
    public void Writes_wait_up_to_their_bytes_and_no_further()
    {
        using var journal = new MapJournal(new MemoryMapStorage().Open(), static _ => true, static _ => { });
        var part = new JournalPart(journal, "m");
        var taken = 0;
        while (taken < 1_000 && journal.TryEnqueue(part, Rows(1)))
        {
            taken++;
        }

        Assert.Equal(MapJournal.MostWaitingBytes >> 20, taken);
    }

    private static ReplicaTransaction Rows(int count) => new(
        [.. Enumerable.Range(0, count).Select(static i => KeyValuePair.Create(
            new MapRow(MapKeys.Path($"{i}"), new Dot(s_epoch, (ulong)i + 1), RowKind.Register, 0, 0, true, s_value),
            UInt128.One))],
        [], ReplicaClaims.Empty, default);
}
