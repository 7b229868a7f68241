using CsCheck;
using Hearsay.Features.Maps;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Tests.Features.Maps;

public sealed class KeyTableTests
{
    [Fact]
    public void It_has_what_was_put_in_last_and_nothing_that_was_removed() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3]).Array[0, 200].Sample(steps =>
        {
            var (table, model) = (new KeyTable(), new Dictionary<string, MapEntry>(StringComparer.Ordinal));
            foreach (var (number, action) in steps)
            {
                var entry = Of($"key {number}");
                var before = model.GetValueOrDefault(entry.Name);
                switch (action)
                {
                    case 0:
                        Assert.Same(before, table.Put(entry));
                        model[entry.Name] = entry;
                        break;
                    case 1:
                        Assert.Same(before, table.TryAdd(entry));
                        model.TryAdd(entry.Name, entry);
                        break;
                    case 2:
                        table.EnsureRoom(2 * number);
                        break;
                    default:
                        Assert.Same(before, table.Remove(entry.Name));
                        model.Remove(entry.Name);
                        break;
                }
            }

            Assert.Equal(model.Count, table.Count);
            Assert.Equal(model.Values.ToHashSet(), table.All.ToHashSet());
            for (var i = 0; i < 45; i++)
            {
                Assert.Same(model.GetValueOrDefault($"key {i}"), table.Find($"key {i}"));
            }
        });

    [Fact]
    public async Task A_reader_finds_every_key_that_stays_while_the_table_grows_and_others_come_and_go()
    {
        const int Stay = 500;
        const int Come = 20_000;
        var (table, ended) = (new KeyTable(), false);
        for (var i = 0; i < Stay; i++)
        {
            table.Put(Of($"stays {i}"));
        }

        var readers = Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
        {
            for (var i = reader; !Volatile.Read(ref ended); i++)
            {
                Assert.NotNull(table.Find($"stays {i % Stay}"));
                Assert.Null(table.Find($"never {i}"));
            }
        })).ToArray();
        for (var i = 0; i < Come; i++)
        {
            table.Put(Of($"comes {i}"));
            table.Put(Of($"stays {i % Stay}"));
            if (i >= Stay && i % 2 == 0)
            {
                table.Remove($"comes {i - Stay}");
            }
        }

        Volatile.Write(ref ended, true);
        await Task.WhenAll(readers);
        Assert.Equal(Stay + Come - ((Come - Stay) / 2), table.Count);
    }

    private static MapEntry Of(string name) => new(RowPath.Of("k"u8), name, Array.Empty<MapRow>());
}
