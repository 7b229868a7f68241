using Hearsay.Agent.Http;
using Hearsay.Agent.Settings;
using Hearsay.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hearsay.Agent.Doctor;

/// <summary>Looks at everything that an agent with these options needs.</summary>
/// <param name="configuration">The options.</param>
/// <param name="agent">Where the agent serves if it runs already; null if nobody has said.</param>
/// <param name="token">Its token.</param>
internal sealed class Examination(AgentConfiguration configuration, Uri? agent, string? token)
{
    private HttpPlan? _plan;

    /// <summary>What it is doing, for who waits.</summary>
    public string Doing { get; private set; } = "reading options";

    /// <summary>All findings, in the order in which a node would need things.</summary>
    public async Task<List<Finding>> RunAsync(CancellationToken cancellation)
    {
        var clock = new ClockCheck(TimeProvider.System);
        var findings = new List<Finding>();
        findings.AddRange(configuration.Warnings.Select(static warning => Finding.Warning(
            "options", warning, "Correct or remove it.")));
        var options = ReadOptions(findings);
        if (options is null)
        {
            return findings;
        }

        if (configuration.Exposure is { } exposure)
        {
            findings.Add(Finding.Problem("security", exposure, "Set one of the two options."));
        }

        if (!findings.Exists(static finding => finding.Level == FindingLevel.Problem))
        {
            findings.Add(Finding.Ok("options", "They can be read, and fit together."));
        }

        Doing = "looking for an agent that runs";
        var search = new AgentSearch(options, _plan);
        var left = await search.RunAsync(agent, token, cancellation).ConfigureAwait(false);
        findings.AddRange(FileCheck.OfData(options.DataDirectory, search));
        findings.AddRange(left);
        findings.AddRange(FileCheck.OfHttp(configuration.HttpValues));
        findings.AddRange(clock.Of(options.DataDirectory));
        Doing = "binding sockets";
        findings.AddRange(HttpCheck.Of(_plan, search));
        var bound = (await BindCheck.OfAsync(options, search).ConfigureAwait(false)).ToList();
        findings.AddRange(bound);
        Doing = "looking names up";
        var seeds = await NameCheck.OfAsync(options, findings, cancellation).ConfigureAwait(false);
        findings.AddRange(AdvertiseCheck.Of(options, [.. seeds.Select(static seed => seed.Address)]));
        findings.AddRange(MtuCheck.Of(seeds));
        Doing = "visiting the seeds";
        var isRunning = search.Found is not null || FileCheck.IsInUse(options.DataDirectory)
            || bound.Exists(static finding => finding.Text.Contains("taken", StringComparison.Ordinal));
        findings.AddRange(await SeedCheck.OfAsync(
            options, seeds, visits: !isRunning || options.Security.NodeId.IsNone, cancellation).ConfigureAwait(false));
        findings.AddRange(clock.End());
        return findings;
    }

    /// <summary>The options of the node; null if they cannot be read.</summary>
    private GossipNodeOptions? ReadOptions(List<Finding> findings)
    {
        const string Advice = "Correct the option; 'hearsay agent --help' has all of them.";
        findings.AddRange(configuration.Errors.Select(static error => Finding.Problem("options", error, Advice)));
        var http = new HttpPlanReader(configuration.HttpValues);
        _plan = http.Read();
        findings.AddRange(http.Errors.Select(static error => Finding.Problem(
            "http", error, "Correct the option, or serve no HTTP with --http none.")));
        try
        {
            var services = new ServiceCollection();
            services.AddHearsay(new ConfigurationBuilder().AddInMemoryCollection(configuration.Values).Build());
            using var provider = services.BuildServiceProvider();
            return HearsayOptionsMapping.ToNodeOptions(provider.GetRequiredService<IOptions<HearsayOptions>>().Value);
        }
        catch (OptionsValidationException wrong)
        {
            findings.AddRange(wrong.Failures.Select(failure => Finding.Problem(
                "options", configuration.Explain(failure), Advice)));
            return null;
        }
    }
}
