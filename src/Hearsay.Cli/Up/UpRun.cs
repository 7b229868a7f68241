using Hearsay.Agent.Shell;
using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Floor;
using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Phases;
using Hearsay.Cli.Up.Results;
using Hearsay.Cli.Up.Watching;

namespace Hearsay.Cli.Up;

/// <summary>
/// One run: start, converge, measure the steady state, crash some, watch it heal, sample peers, measure the
/// floor, leave.
/// </summary>
/// <param name="settings">What was asked for.</param>
/// <param name="display">Where it is shown.</param>
/// <param name="site">The folder of the page that shows the nodes; null for no page.</param>
internal sealed class UpRun(UpSettings settings, IUpDisplay display, string? site = null)
{
    /// <summary>A run that has not converged by then never will.</summary>
    private const int PatienceCycles = 60;

    /// <summary>How often in a cycle a forming network is asked whether its views are full.</summary>
    private const int LooksPerCycle = 10;

    private readonly CycleClock _clock = new(settings.Sampling.CycleTime);
    private CycleClock _sinceLastStart = new(settings.Sampling.CycleTime);
    private Reading _lastRow;

    /// <summary>What is known so far.</summary>
    public UpResult Result { get; } = new(settings);

    /// <summary>Whether everything was done, and the nodes only lived on to be looked at.</summary>
    public bool Stayed { get; private set; }

    /// <summary>Runs until the end or until cancelled; what was found out by then is in <see cref="Result"/>.</summary>
    /// <exception cref="NetworkNotStartedException">A node could not be started.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            display.Note($"Starting {Counted.Of(settings.Nodes, "node")}, "
                + $"cycle time {Duration.Format(settings.Sampling.CycleTime)}, "
                + $"seed {settings.Seed}.");
            await using var network = await StartAsync(cancellation).ConfigureAwait(false);
            _sinceLastStart = new CycleClock(settings.Sampling.CycleTime);
            display.Note($"All started within {_clock.Elapsed * settings.Sampling.CycleTime.TotalSeconds:0.00} s.");
            await using var page = site is null ? null
                : await LivePage.StartAsync(site, network, settings, display, cancellation).ConfigureAwait(false);
            await RunPhasesAsync(network, cancellation).ConfigureAwait(false);
            if (page is not null && settings.Cycles is null)
            {
                Stayed = true;
                display.Rest($"The nodes live on until Ctrl-C: {page.Url}");
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Result.Interrupted = !Stayed;
        }
    }

    private async Task<LocalNetwork> StartAsync(CancellationToken cancellation)
    {
        try
        {
            return await LocalNetwork.StartAsync(settings, cancellation).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw new NetworkNotStartedException(failure);
        }
    }

    private async Task RunPhasesAsync(LocalNetwork network, CancellationToken cancellation)
    {
        _lastRow = Reading.Of(network);
        if (await ConvergeAsync(network, cancellation).ConfigureAwait(false))
        {
            display.Note("Measuring the steady state.");

            // What starting left behind is no cost of the steady state, in which nothing is allocated that would free
            // it. On a busy machine this takes cycles, so the plan is made afterwards.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            var plan = UpPlan.Of(settings, _sinceLastStart.Elapsed);
            await MeasureSteadyAsync(network, plan.SteadyUntil, cancellation).ConfigureAwait(false);
            if (settings.Kill is { } share)
            {
                await CrashAndHealAsync(network, share, plan.HealingCycles, cancellation).ConfigureAwait(false);
            }
            else
            {
                await ShowRowsAsync(network, plan.End, cancellation).ConfigureAwait(false);
            }
        }

        Result.Overlay = network.Sample();
        display.Peers(PeerDraws.Of(network));
        if (settings.Rumors)
        {
            display.Note("Rumors run.");
            Result.Rumors = await RumorPhase.RunAsync(network, display, cancellation).ConfigureAwait(false);
        }

        if (settings.Aggregate)
        {
            Result.Aggregate = await AggregatePhase.RunAsync(network, settings, display, cancellation)
                .ConfigureAwait(false);
        }

        if (settings.Map)
        {
            display.Note("A map is written by nodes of a second network, which can be cut in two.");
            Result.Map = await MapPhase.RunAsync(settings, display, cancellation).ConfigureAwait(false);
        }

        if (settings.Learn is not null)
        {
            display.Note("The nodes learn.");
            Result.Learning = await LearnPhase.RunAsync(
                network, settings, display, cycles => Result.LearnedCycles = cycles, cancellation)
                .ConfigureAwait(false);
        }

        if (settings.Floor)
        {
            display.Note("Measuring the floor: exchanges, then bare sockets, three times.");
            Result.Floor = await FloorPhase.RunAsync(network, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> ConvergeAsync(LocalNetwork network, CancellationToken cancellation)
    {
        var looks = (settings.Cycles ?? PatienceCycles) * LooksPerCycle;
        for (var look = 1; look <= looks; look++)
        {
            await _sinceLastStart.WaitUntilAsync((double)look / LooksPerCycle, cancellation).ConfigureAwait(false);
            var at = _sinceLastStart.Elapsed;
            var isRow = look % LooksPerCycle == 0;
            var isFull = network.ViewsAreFull();
            if (!isFull && !isRow)
            {
                continue;
            }

            var overlay = Result.Overlay = network.Sample();
            var converged = isFull && overlay.Components == 1;
            if (isRow || converged)
            {
                AddRow(network, overlay, (double)look / LooksPerCycle);
            }

            if (converged)
            {
                Result.CyclesToConverge = (int)Math.Ceiling(at);
                display.Note($"Converged {at:0.0} cycles after the last start.");
                return true;
            }
        }

        display.Note("Never converged.");
        return false;
    }

    /// <summary>
    /// Measures rates and costs. A display that shows no rows meanwhile leaves the nodes alone, so that what is
    /// measured is what they cost.
    /// </summary>
    private async Task MeasureSteadyAsync(LocalNetwork network, double until, CancellationToken cancellation)
    {
        var start = Reading.Of(network);
        await ShowRowsAsync(network, until, cancellation).ConfigureAwait(false);
        var end = Reading.Of(network);
        if (end.SecondsSince(start) > 0.5 * settings.Sampling.CycleTime.TotalSeconds)
        {
            Result.Steady = new SteadyState(
                end.ExchangeRateSince(start),
                end.ByteRateSince(start) / network.LiveCount,
                end.CoresSince(start),
                (double)Environment.WorkingSet / network.LiveCount);
        }
    }

    private async Task CrashAndHealAsync(
        LocalNetwork network, double share, int cycles, CancellationToken cancellation)
    {
        var at = Math.Round(_sinceLastStart.Elapsed, 1);
        display.Note("Crashing nodes.");
        Result.Crashed = await network.CrashAsync(share).ConfigureAwait(false);
        var sinceCrash = new CycleClock(settings.Sampling.CycleTime);
        display.Note($"{Result.Crashed} of {Counted.Of(settings.Nodes, "node")} crashed.");
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            await sinceCrash.WaitUntilAsync(cycle, cancellation).ConfigureAwait(false);
            var overlay = Result.Overlay = network.Sample();
            Result.DeadLinks.Add(overlay.DeadLinks);
            AddRow(network, overlay, at + cycle);
        }
    }

    private async Task ShowRowsAsync(LocalNetwork network, double until, CancellationToken cancellation)
    {
        for (var cycle = Math.Floor(_sinceLastStart.Elapsed) + 1; display.ShowsSteadyState && cycle < until; cycle++)
        {
            await _sinceLastStart.WaitUntilAsync(cycle, cancellation).ConfigureAwait(false);
            AddRow(network, Result.Overlay = network.Sample(), cycle);
        }

        await _sinceLastStart.WaitUntilAsync(until, cancellation).ConfigureAwait(false);
    }

    private void AddRow(LocalNetwork network, OverlaySample overlay, double cycle)
    {
        var now = Reading.Of(network);
        display.Row(new UpRow(
            cycle, overlay, now.ExchangeRateSince(_lastRow), now.ByteRateSince(_lastRow) / overlay.Live));
        _lastRow = now;
    }
}
