using System.Collections.Concurrent;
using Hearsay.Features.Maps.Storage;
using Hearsay.Tests.Threads;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Maps.Storage;

public sealed class JournalThreadTests
{
    [Fact]
    public async Task A_journal_that_gets_no_thread_says_so_once_and_starts_when_it_gets_one()
    {
        var (scarce, reports) = (new Scarce { IsOut = true }, new ConcurrentQueue<Exception?>());
        var journal = new MapJournal(
            new MemoryMapStorage().Open(), static _ => true, reports.Enqueue, scarce.Starter);
        journal.Start();
        await Eventually.TrueAsync(() => scarce.Starter.Refused == 2, "it tries again");
        Assert.Contains("no more threads", Assert.Single(reports)!.Message, StringComparison.Ordinal);
        Assert.False(journal.Runs);

        scarce.IsOut = false;
        await Eventually.TrueAsync(() => journal.Runs, "it runs");
        journal.Dispose();
        Assert.False(journal.Runs);
    }
}
