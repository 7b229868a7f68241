using System.CommandLine;
using System.Diagnostics;
using Hearsay.Agent.Guest;
using Hearsay.Agent.Shell;
using Hearsay.Protocols.Rotation;

namespace Hearsay.Agent.Keys;

/// <summary>Joins a network with a keyring whose newest key others do not have yet, and spreads it.</summary>
internal sealed class SpreadVisit
{
    /// <summary>Enough for a node to be asked again where its answer was lost.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(8);

    private readonly GuestOptions _guest = new(asksAgents: false);

    private readonly Option<TimeSpan?> _for = CheckedOption.Create<TimeSpan>(
        "--for", "How long to stay at most. Default 30s; less if nothing new is heard for 8s.", "from 1s to 1h",
        (string text, out TimeSpan value) => Duration.TryParse(text, out value)
            && value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(1));

    /// <summary>Adds its options to a command.</summary>
    public void AddTo(Command command)
    {
        _guest.AddTo(command);
        command.Options.Add(_for);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_guest.Keyring) is null)
            {
                result.AddError("Option '--keyring' is required.");
            }
        });
    }

    /// <summary>The file of the keyring.</summary>
    public string PathIn(ParseResult parsed) => parsed.GetValue(_guest.Keyring)!;

    /// <summary>Spreads it; the result is the exit code.</summary>
    public Task<int> RunAsync(ParseResult parsed) => GuestRun.RunAsync(
        parsed, _guest,
        options => options with { Broadcast = null, Aggregation = null, Security = options.Security.Rotating() },
        (node, stop) => VisitAsync(node, parsed, stop));

    private async Task<int> VisitAsync(GossipNode node, ParseResult parsed, CancellationToken stop)
    {
        var watch = node.SpreadKeyring();
        var (start, changedAt, seen) = (Stopwatch.GetTimestamp(), TimeSpan.Zero, (0, 0));
        var longest = parsed.GetValue(_for) ?? TimeSpan.FromSeconds(30);
        using (new Patience(
            parsed.InvocationConfiguration.Error, () => $"heard so far: {Told(watch.Following, watch.Behind)}",
            counts: true))
        {
            while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < longest)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), stop).ConfigureAwait(false);
                var now = (watch.Following, watch.Behind);
                changedAt = now != seen ? elapsed : changedAt;
                seen = now;
                if (now.Following > 0 && now.Behind == 0 && elapsed - changedAt > s_quiet)
                {
                    break;
                }
            }
        }

        var (following, behind) = (watch.Following, watch.Behind);
        await parsed.InvocationConfiguration.Output.WriteLineAsync(
            $"{Told(following, behind)}. This is what was heard and no list of all nodes: a node that was not "
            + "heard of gets the new key when it meets one that has it, for as long as the older keys are kept.")
            .ConfigureAwait(false);
        return following > 0 && behind == 0 ? 0 : ExitCode.Failed;
    }

    private static string Told(int following, int behind) =>
        $"{Counted.Of(following, "node")} with the new keyring, {behind} without it";
}
