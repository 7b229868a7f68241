namespace Hearsay.Storage.Sqlite.Tests;

/// <summary>What a commit costs a disk: one sync, however many writes are in it.</summary>
public sealed class SyncTests
{
    private const int Commits = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_commit_is_one_sync_of_the_log_and_none_of_the_file(int changes)
    {
        LosingFiles.Register();
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "maps.db");
        using var store = new SqliteMapStorage(path) { Vfs = LosingFiles.Name }.Open();
        store.Commit(Changes(0, changes));
        var (log, file) = (LosingFiles.SyncsOf(path + "-wal"), LosingFiles.SyncsOf(path));
        for (var i = 1; i <= Commits; i++)
        {
            store.Commit(Changes(i, changes));
        }

        Assert.Equal(log + Commits, LosingFiles.SyncsOf(path + "-wal"));
        Assert.Equal(file, LosingFiles.SyncsOf(path));
    }

    private static MapRecordChange[] Changes(int commit, int count) => [.. Enumerable.Range(0, count).Select(
        i => new MapRecordChange("m", new[] { (byte)i }, new[] { (byte)commit }))];
}
