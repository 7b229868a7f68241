using Hearsay.Tests.Features.Maps.Storage;
using Microsoft.Data.Sqlite;

namespace Hearsay.Storage.Sqlite.Tests;

/// <summary>A context that is as long as the keys of its map: that of a damaged store without another node.</summary>
public sealed class ManyClaimsTests : IDisposable
{
    private const int Rows = 70_000;

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory.Path, "maps.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_damaged_file_of_70_000_rows_of_batches_is_kept_and_read_again()
    {
        await using (var node = await StartAsync())
        {
            for (var row = 0; row < Rows; row += 250)
            {
                var batch = new MapBatch();
                for (var i = row; i < row + 250; i++)
                {
                    batch.Set($"key{i}", "v");
                }

                await node.GetMap("m").WriteAsync(batch, cancellationToken: Cancellation);
            }
        }

        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            SqliteFile.Execute(connection, "DELETE FROM records WHERE key IN "
                + "(SELECT key FROM records WHERE hex(substr(key, 1, 1)) = '52' LIMIT 1)");
        }

        await using (var node = await StartAsync())
        {
            var map = node.GetMap("m");
            Assert.False((await map.ReadStatusAsync(Cancellation)).IsTrusted);
            for (var tries = 0; !(await map.ReadStatusAsync(Cancellation)).IsTrusted; tries++)
            {
                Assert.True(tries < 600, "it trusts itself within 60 s");
                await Task.Delay(100, Cancellation);
            }

            await map.SetAsync("more", "v", cancellationToken: Cancellation);
        }

        await using var again = await StartAsync();
        var status = await again.GetMap("m").ReadStatusAsync(Cancellation);
        Assert.Equal((Rows, true), (status.Rows, status.IsTrusted));
        await again.GetMap("m").RemoveAsync("key9", cancellationToken: Cancellation);
        Assert.Equal(Rows - 1, again.GetMap("m").Snapshot().Count);
    }

    private Task<GossipNode> StartAsync() => GossipNode.StartAsync(new GossipNodeOptions
    {
        Bind = "127.0.0.1:0", RandomSeed = LiveSeed.Next(),
        Maps = new() { CycleTime = TimeSpan.FromMilliseconds(50) }, MapStorage = new SqliteMapStorage(File),
    }, Cancellation);
}
