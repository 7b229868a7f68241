using Hearsay.Protocols;

namespace Hearsay.Lab.Models;

/// <summary>Churn at a constant rate: in every cycle so many nodes crash and as many join.</summary>
internal static class ConstantChurn
{
    private const ulong ContactPurpose = 0x434F_4E54;

    /// <summary>Some nodes crash and as many join, each knowing one random node that lives.</summary>
    public static void Replace(ICycleEngine engine, int count, ulong seed)
    {
        var random = SeededRandom.For(seed, 0, (ulong)engine.Cycle, ContactPurpose);
        engine.KillNodes(count);
        var known = engine.NodeCount;
        for (var i = 0; i < count; i++)
        {
            var contact = random.Below(known);
            while (!engine.IsAlive(contact))
            {
                contact = random.Below(known);
            }

            engine.Join(contact);
        }
    }
}
