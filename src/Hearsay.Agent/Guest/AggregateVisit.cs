using System.Globalization;
using Hearsay.Agent.Shell;
using Hearsay.Features.Aggregates;

namespace Hearsay.Agent.Guest;

/// <summary>Waits for the estimates of an aggregate and says meanwhile what it waits for.</summary>
/// <param name="node">Has joined.</param>
/// <param name="aggregate">What it waits for.</param>
/// <param name="gives">Whether this node has a value itself.</param>
/// <param name="text">An estimate as it is printed.</param>
/// <param name="output">Where estimates go.</param>
/// <param name="error">Where everything else goes.</param>
internal sealed class AggregateVisit(
    GossipNode node, Aggregate aggregate, bool gives, Func<AggregateEstimate, string> text, TextWriter output,
    TextWriter error)
{
    /// <summary>To learn the epoch, and for an epoch that ends a little late.</summary>
    private const int SpareCycles = 10;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>Joining may have been as quick as to say nothing, and together both may not.</summary>
    private static readonly TimeSpan s_joining = TimeSpan.FromSeconds(1);

    private readonly AggregationOptions _options = node.Options.Aggregation!;
    private volatile string _waitsFor = "joined; asking which epoch it is ...";

    /// <summary>Prints one estimate; the result is the exit code.</summary>
    /// <param name="within">Which error is small enough, as a share; null waits for a whole epoch.</param>
    /// <param name="patience">How long to wait at least; two epochs if those are longer.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    public async Task<int> ReadAsync(double? within, TimeSpan patience, CancellationToken cancellation)
    {
        var longest = (2 * _options.EpochTime) + (SpareCycles * _options.CycleTime);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(longest > patience ? longest : patience);
        AggregateEstimate? found = null;
        using (new Patience(error, () => _waitsFor, counts: true, s_joining))
        {
            var watching = WatchEpochAsync(limit.Token);
            try
            {
                found = await FindAsync(within, patience, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The time is over.
            }

            await limit.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }

        if (found is not { IsReady: true } estimate)
        {
            await error.WriteLineAsync(WhyNone((found ?? aggregate.Latest).Value)).ConfigureAwait(false);
            return ExitCode.Failed;
        }

        await PrintAsync(estimate, cancellation).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Prints every estimate until it is cancelled.</summary>
    public async Task<int> FollowAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waiting = new Patience(error, () => _waitsFor, counts: true, s_joining);
        var watching = WatchEpochAsync(limit.Token);
        try
        {
            await foreach (var estimate in aggregate.WatchCyclesAsync(cancellation).ConfigureAwait(false))
            {
                // From here on a line comes every cycle.
                waiting.Dispose();
                await PrintAsync(estimate, cancellation).ConfigureAwait(false);
            }

            return 0;
        }
        finally
        {
            waiting.Dispose();
            await limit.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The first estimate that is wanted, or that of an epoch at whose end there was none. Where epochs are short a
    /// value can come too late for one, so then it takes two of them.
    /// </summary>
    private async Task<AggregateEstimate> FindAsync(
        double? within, TimeSpan patience, CancellationToken cancellation)
    {
        var settled = new SettledEstimate(within ?? double.NaN);
        var emptyLeft = gives ? int.MaxValue : _options.EpochTime >= patience ? 1 : 2;
        await foreach (var estimate in aggregate.WatchCyclesAsync(cancellation).ConfigureAwait(false))
        {
            var isEmpty = estimate is { IsFinal: true, IsReady: false } && !double.IsFinite(estimate.Value);
            emptyLeft -= isEmpty ? 1 : 0;
            if (settled.Take(estimate) || emptyLeft == 0)
            {
                return estimate;
            }
        }

        throw new ObjectDisposedException(nameof(GossipNode));
    }

    private async Task PrintAsync(AggregateEstimate estimate, CancellationToken cancellation)
    {
        await output.WriteLineAsync(text(estimate)).ConfigureAwait(false);
        await output.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private string WhyNone(double last)
    {
        var name = aggregate.Definition.Name;
        var others = node.Aggregates!.Service.Known
            .Where(known => known.Name == name && known != aggregate.Definition).Select(known => $"'{known}'").ToList();
        var hint = others.Count == 0 ? "" : $"; others take part in {string.Join(", ", others)}";
        return gives || double.IsFinite(last)
            ? $"The nodes have not agreed on '{name}' in time{hint}." : $"No node has a value for '{name}'{hint}.";
    }

    /// <summary>Looks how far the epoch is, until it is cancelled.</summary>
    private async Task WatchEpochAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                _waitsFor = WaitsFor(await node.Aggregates!.ReadEpochAsync().ConfigureAwait(false));
                await Task.Delay(s_look, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception end) when (end
            is OperationCanceledException or ObjectDisposedException or HearsayException)
        {
            // Nobody waits any more, or the node is too busy or has stopped, which others tell.
        }
    }

    private string WaitsFor(EpochProgress epoch)
    {
        if (!epoch.IsKnown)
        {
            return "joined; asking which epoch it is ...";
        }

        var seconds = Math.Max(1, Math.Ceiling(epoch.Left.TotalSeconds));
        var latest = aggregate.Latest;
        var sofar = latest.IsReady ? string.Create(
            CultureInfo.InvariantCulture, $"{latest.Value:G4} ± {latest.Error:G2} so far") : "no estimate yet";
        return epoch.TakesPart
            ? $"epoch {epoch.Number}, cycle {epoch.Cycle} of {_options.CyclesPerEpoch}: {sofar}; it ends in "
                + $"{seconds:0} s"
            : $"joined, {sofar}; the next epoch begins in {seconds:0} s";
    }
}
