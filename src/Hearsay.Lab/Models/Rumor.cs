using Hearsay.Protocols;

namespace Hearsay.Lab;

/// <summary>
/// The simplest rumor, infect for ever: in every round each node contacts partners drawn from its view; who knows tells
/// (push), who does not asks (pull). The overlay gossips along. Rounds are synchronous.
/// </summary>
internal static class Rumor
{
    private const ulong Purpose = 0x5255_4D4F;
    private const int MostRounds = 300;

    /// <summary>Spreads one rumor from the first live node.</summary>
    public static SpreadRun Spread(ICycleEngine engine, Propagation way, int fanout, ulong seed)
    {
        var knows = new bool[engine.NodeCount];
        var source = 0;
        while (!engine.IsAlive(source))
        {
            source++;
        }

        knows[source] = true;
        var (known, rounds, median, payloads, requests) = (1, 0, 0, 0L, 0L);
        var curve = new List<(double, double)>();
        while (known < engine.LiveCount && rounds < MostRounds)
        {
            engine.Run(1);
            rounds++;
            var (news, sent, asked) = Round(engine, knows, way, fanout, seed);
            known += news;
            payloads += sent;
            requests += asked;
            curve.Add(((double)known / engine.LiveCount, news == 0 ? sent : (double)sent / news));
            median = median == 0 && 2 * known >= engine.LiveCount ? rounds : median;
        }

        return new SpreadRun(rounds, median, (double)known / engine.LiveCount, payloads, requests, curve);
    }

    private static (int News, long Sent, long Asked) Round(
        ICycleEngine engine, bool[] knows, Propagation way, int fanout, ulong seed)
    {
        var before = knows.AsSpan().ToArray();
        var (news, sent, asked) = (0, 0L, 0L);
        void Tell(int node)
        {
            sent++;
            if (engine.IsAlive(node) && !knows[node])
            {
                knows[node] = true;
                news++;
            }
        }

        for (var node = 0; node < before.Length; node++)
        {
            var view = engine.ViewOf(node);
            if (!engine.IsAlive(node) || view.IsEmpty)
            {
                continue;
            }

            var random = SeededRandom.For(seed, (ulong)node, (ulong)engine.Cycle, Purpose);
            for (var i = 0; i < fanout; i++)
            {
                var partner = (int)view[random.Below(view.Length)];
                if (before[node] && way != Propagation.Pull)
                {
                    Tell(partner);
                }
                else if (!before[node] && way != Propagation.Push)
                {
                    asked++;
                    if (before[partner] && engine.IsAlive(partner))
                    {
                        Tell(node);
                    }
                }
            }
        }

        return (news, sent, asked);
    }
}
