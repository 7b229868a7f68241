using System.Collections.Concurrent;
using Hearsay.Identity;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Identity;

public sealed class IdentitySaverTests
{
    private static readonly NodeId Id = new(1, 2);

    [Fact]
    public async Task A_flood_that_comes_while_the_disk_is_busy_is_one_write_of_the_newest()
    {
        using var free = new ManualResetEventSlim();
        var writes = new ConcurrentQueue<ulong>();
        var saver = new IdentitySaver(
            identity =>
            {
                writes.Enqueue(identity.Incarnation);
                free.Wait(Eventually.Deadline);
            },
            static error => Assert.Fail(error.Message));
        saver.Save(new NodeIdentity(Id, 0));
        await Eventually.TrueAsync(() => writes.Count == 1, "the disk is busy");
        for (var incarnation = 1UL; incarnation <= 1_000; incarnation++)
        {
            saver.Save(new NodeIdentity(Id, incarnation));
        }

        free.Set();
        await Eventually.TrueAsync(() => writes.Count >= 2, "the newest is written");
        saver.Save(new NodeIdentity(Id, 2_000));
        await Eventually.TrueAsync(() => writes.Contains(2_000UL), "what comes later is written too");
        Assert.Equal([0UL, 1_000, 2_000], writes.ToArray());
    }

    [Fact]
    public async Task A_write_that_fails_is_told_and_the_next_one_is_tried()
    {
        var (failures, writes) = (new ConcurrentQueue<Exception>(), new ConcurrentQueue<ulong>());
        var saver = new IdentitySaver(
            identity =>
            {
                writes.Enqueue(identity.Incarnation);
                if (identity.Incarnation == 1)
                {
                    throw new IOException("full");
                }
            },
            failures.Enqueue);

        saver.Save(new NodeIdentity(Id, 1));
        await Eventually.TrueAsync(() => failures.Count == 1, "it is told");
        saver.Save(new NodeIdentity(Id, 2));

        await Eventually.TrueAsync(() => writes.Count == 2, "the next one is tried");
        Assert.Single(failures);
    }
}
