namespace Hearsay.Simulation.Tests.Rumors;
public class RumorLawTests
{
    static void P(string name, RumorOptions o, int n = 1000, RumorFault fault = RumorFault.None, double loss = 0)
    {
        var sw = System.Diagnostics.Stopwatch.StartNew();
        var live = RumorNetwork.Run(o, n, 16, fault, loss: loss);
        double s = 0, m = 0, ta = 0, tl = 0; 
        var run = new RumorRun(o, n, 1, loss);
        for (var t = 0; t < 200; t++)
        {
            run.Restart((ulong)t);
            var x = run.Finish(new UniformPartners(n));
            s += x.Residue / 200; m += x.Traffic / 200; ta += x.AverageCycle / 200; tl += x.LastCycle / 200.0;
        }
        File.AppendAllText("/tmp/rumor-probe.txt", $"{name,-30} live s={live.Residue:0.00000} m={live.Traffic:0.000} ta={live.AverageCycle:0.00} tl={live.LastCycle} | bulk s={s:0.00000} m={m:0.000} ta={ta:0.00} tl={tl:0.0} | {sw.ElapsedMilliseconds} ms\n");
    }

    [Fact]
    public void Probe()
    {
        var b = new RumorOptions { Staggered = false };
        P("push 1", b with { Mode = RumorMode.Push, K = 1 });
        P("push 2", b with { Mode = RumorMode.Push, K = 2 });
        P("push blind coin 2", b with { Mode = RumorMode.Push, Feedback = false, Interest = RumorInterest.Coin, K = 2 });
        P("pull 1", b with { Mode = RumorMode.Pull, K = 1 });
        P("pushpull 1", b with { Mode = RumorMode.PushPull, K = 1 });
        P("pushpull 1 loss", b with { Mode = RumorMode.PushPull, K = 1 }, loss: 0.1);
        P("pushpull 2 min", b with { Mode = RumorMode.PushPull, K = 2, Minimise = true });
        P("fanout 4", b with { Mode = RumorMode.Push, Feedback = false, K = 1, Fanout = 4 });
        P("median 3", b with { Mode = RumorMode.MedianCounter, K = 3 });
        P("ptp", b with { Mode = RumorMode.PushThenPull, PushCycles = RumorOptions.PushCyclesFor(1000) });
        P("push limit 1", b with { Mode = RumorMode.Push, K = 2, ConnectionLimit = 1 });
        P("push limit 1 hunt 4", b with { Mode = RumorMode.Push, K = 2, ConnectionLimit = 1, HuntLimit = 4 });
        P("push 1 staggered", b with { Mode = RumorMode.Push, K = 1, Staggered = true });
        P("pull 1 staggered", b with { Mode = RumorMode.Pull, K = 1, Staggered = true });
        P("pushpull 1 staggered", b with { Mode = RumorMode.PushPull, K = 1, Staggered = true });
    }
}
