using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>A flood of manifests among which a few real large messages must get through.</summary>
internal static partial class BroadcastScenarios
{
    /// <summary>
    /// Half a minute of manifests of 16 MiB, of 4.5 kB each, and twelve real messages of others, whose chunks come half
    /// a second after they are asked for.
    /// </summary>
    internal static BroadcastRig FloodOfManifests(int aSecond)
    {
        var rig = new BroadcastRig(o => o with { RepairInterval = 2 * Second });
        var fake = TransferManifest.Make(new byte[16 << 20], 60_000);
        var good = TransferManifest.Make(new byte[100_000], 10_000);
        var wanted = new HashSet<BroadcastId>();
        var answers = new Queue<(int Due, byte[] Chunk)>();
        for (var tick = 1; tick <= 3000; tick++)
        {
            rig.Advance(10);
            if (tick % (100 / aSecond) == 0)
            {
                rig.Push(1, Message(60, (ulong)tick, fake, MessageFrame.Large));
            }

            if (tick % 250 == 90)
            {
                var manifest = Message(Origin, 1 + ((ulong)tick / 250), good, MessageFrame.Large);
                wanted.Add(IdOf(manifest));
                rig.Push(2, manifest);
            }

            foreach (var asked in rig.Sent(2, BroadcastFrame.WantChunks))
            {
                var id = BroadcastId.Read(asked);
                for (var at = BroadcastId.SizeBytes; wanted.Contains(id) && at < asked.Length; at += 2)
                {
                    answers.Enqueue((tick + 50, [.. Names(id), .. Index(asked, at), .. new byte[10_000]]));
                }
            }

            while (answers.TryPeek(out var answer) && answer.Due <= tick)
            {
                rig.Receive(2, BroadcastFrame.Chunk, answers.Dequeue().Chunk);
            }

            rig.Forget();
        }

        Assert.Equal(12, wanted.Count);
        Assert.All(rig.Delivered, one => Assert.Contains(one.Id, wanted));
        return rig;
    }
}
