using System.Runtime.InteropServices;
using Hearsay.Agent.Http;
using Hearsay.Agent.Seeds;
using Hearsay.Agent.Settings;
using Hearsay.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hearsay.Agent.Reloading;

/// <summary>
/// Reads the options again on SIGHUP and when one of their files has changed: what is safe is changed, and what needs a
/// restart is told. A mistake is told, and changes nothing. Keyrings and tokens are read again as well
/// (<see cref="KeyReload"/>).
/// </summary>
/// <param name="read">Reads all options again.</param>
/// <param name="isVerbose">Whether the agent was asked to say much.</param>
/// <param name="configFile">The file of options; null for none.</param>
/// <param name="target">What is changed.</param>
/// <param name="tell">Takes a line.</param>
internal sealed class Reloader(
    Func<AgentConfiguration> read, bool isVerbose, string? configFile, ReloadTarget target, Action<string> tell)
    : BackgroundService
{
    /// <summary>
    /// A file is looked at so often: notices of changes are lost in containers, and this costs nothing.
    /// </summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _asked = new(0);

    /// <summary>The options that are in use.</summary>
    private AgentConfiguration _current = read();

    /// <summary>The options that it was started with; what needs a restart still has these values.</summary>
    private AgentConfiguration? _started;

    private Dictionary<string, DateTime> _seen = [];
    private Dictionary<string, DateTime> _seenKeys = [];
    private readonly KeyReload _keys = new(target.Hearsay, tell);

    /// <summary>What is in the file of seeds.</summary>
    private IReadOnlyList<string> _seeds = [];

    /// <summary>What callers must send.</summary>
    private string? _token;

    /// <summary>Reads the options again now.</summary>
    public async Task ReloadAsync(CancellationToken cancellation)
    {
        _started ??= _current;
        var next = read();
        var http = new HttpPlanReader(next.HttpValues);
        var plan = http.Read();
        string[] errors = [.. next.Errors, .. http.Errors];
        var seeds = ReadSeeds(next, out var problem);
        if (errors.Length > 0 || problem is not null)
        {
            Array.ForEach([.. errors, .. problem is null ? (string[])[] : [problem]], error =>
                tell($"reload: nothing is changed: {error}"));
            return;
        }

        var changed = AgentSetting.All.Where(setting => next.TextOf(setting) != _current.TextOf(setting)).ToList();
        if (changed.Any(static setting => setting.Name == "cycle-time")
            && !await TryChangePaceAsync(next, cancellation).ConfigureAwait(false))
        {
            return;
        }

        foreach (var setting in changed.Where(static setting => !setting.IsReloadable))
        {
            tell(next.TextOf(setting) == _started.TextOf(setting)
                ? $"reload: --{setting.Name} is again what it was at the start, and needs no restart."
                : $"reload: --{setting.Name} has changed, and needs a restart.");
        }

        var news = changed.Where(static setting => setting.IsReloadable)
            .Select(static setting => setting.Name).ToList();
        TellContent(news, "seeds-file", seeds.SequenceEqual(_seeds));
        TellContent(news, "http-token-file", plan?.Token == _token);
        (_seeds, _token) = (seeds, plan?.Token);
        target.Log.Change(next, isVerbose);
        target.Seeds.Set("options", OptionSeeds(next));
        target.Seeds.Set("file", seeds);
        if (plan is not null && target is { Http: { } service, Plan: { } started })
        {
            if (started.Token is null != plan.Token is null)
            {
                tell("reload: a token that comes or goes needs a restart.");
            }

            service.Change(plan.Options);
        }

        _current = next;
        tell($"reload: done{string.Concat(news.Select(static name => $", --{name}"))}.");
    }

    /// <summary>A file may have changed beneath the same name.</summary>
    private static void TellContent(List<string> news, string name, bool isSame)
    {
        if (!isSame && !news.Contains(name))
        {
            news.Add(name);
        }
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        target.Log.Change(_current, isVerbose);
        (_seeds, _token) = (ReadSeeds(_current, out var problem), target.Plan?.Token);
        target.Seeds.Set("file", _seeds);
        if (problem is not null)
        {
            tell($"warning: {problem}");
        }

        (_seen, _seenKeys) = (Look(Files()), Look(KeyReload.FilesOf(_current)));
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _asked.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var signal = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(
            PosixSignal.SIGHUP,
            context =>
            {
                context.Cancel = true;
                _asked.Release();
            });
        try
        {
            while (true)
            {
                var isAsked = await _asked.WaitAsync(s_pause, stoppingToken).ConfigureAwait(false);
                var (seen, keys) = (Look(Files()), Look(KeyReload.FilesOf(_current)));
                if (isAsked || !AreSame(seen, _seen))
                {
                    _seen = seen;
                    await ReloadAsync(stoppingToken).ConfigureAwait(false);
                }

                if (isAsked || !AreSame(keys, _seenKeys))
                {
                    _seenKeys = keys;
                    await _keys.ReloadAsync(_current, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }

    /// <summary>Another time between cycles; the preset's where none is named.</summary>
    private async Task<bool> TryChangePaceAsync(AgentConfiguration options, CancellationToken cancellation)
    {
        try
        {
            var bound = new HearsayOptions();
            HearsaySection.BindTo(
                new ConfigurationBuilder().AddInMemoryCollection(options.Values).Build(), bound, string.Empty);
            var node = await target.Hearsay.WhenStartedAsync(cancellation).ConfigureAwait(false);
            await node.SetCycleTimeAsync(bound.Sampling.CycleTime, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception refused) when (refused
            is ArgumentException or HearsayException or ObjectDisposedException or OptionsValidationException)
        {
            tell($"reload: nothing is changed: --cycle-time: {refused.Message}");
            return false;
        }
    }

    private static string[] OptionSeeds(AgentConfiguration options) =>
        options.TextOf(AgentSetting.Find("seed")!)?.Split('\n') ?? [];

    private static IReadOnlyList<string> ReadSeeds(AgentConfiguration options, out string? problem)
    {
        problem = null;
        var file = options.AgentValues.GetValueOrDefault("Agent:SeedsFile");
        try
        {
            if (file is null)
            {
                return [];
            }

            var seeds = SeedsFile.Read(file, out var wrong);
            problem = wrong is null ? null : $"--seeds-file: '{file}', {wrong}";
            return seeds;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"--seeds-file: '{file}' cannot be read: {error.Message}";
            return [];
        }
    }

    /// <summary>The files with options.</summary>
    private IEnumerable<string> Files() => new[]
    {
        configFile, _current.AgentValues.GetValueOrDefault("Agent:SeedsFile"),
        _current.HttpValues.GetValueOrDefault("HttpTokenFile"),
    }.OfType<string>();

    private static bool AreSame(Dictionary<string, DateTime> one, Dictionary<string, DateTime> other) =>
        one.Count == other.Count && one.All(file => other.TryGetValue(file.Key, out var at) && at == file.Value);

    /// <summary>When each file was written last; one that is not there, at no time.</summary>
    private static Dictionary<string, DateTime> Look(IEnumerable<string> files) =>
        files.Distinct().ToDictionary(static file => file, static file =>
        {
            try
            {
                return File.GetLastWriteTimeUtc(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return DateTime.MinValue;
            }
        });
}
