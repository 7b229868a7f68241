using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Protocols.Sampling;

namespace Hearsay.Lab.Engines;

/// <summary>What the protocol options of an experiment come to.</summary>
/// <param name="Sampling">The protocol.</param>
/// <param name="Fanout">Partners of a cycle.</param>
/// <param name="Tries">Partners tried, or null if nodes know who lives.</param>
/// <param name="Loss">The share of messages lost.</param>
internal sealed record ProtocolSetup(PeerSamplingOptions Sampling, int Fanout, int? Tries, double Loss = 0)
{
    private const int DefaultTries = 3;

    /// <summary>Whether everything but the form, c, H, S and the two modes is as in the papers.</summary>
    public bool IsPlain => Fanout == 1 && Tries is null && Loss == 0;

    /// <summary>The protocol in few words, for titles.</summary>
    public string Text => (Sampling.Form == ExchangeForm.HalfViews
        ? $"{FigureWords.Of(Sampling.Selection)}, {FigureWords.Of(Sampling.Propagation)}, c = {Sampling.ViewSize}, "
            + $"H = {Sampling.EffectiveHealing}, S = {Sampling.EffectiveSwap}"
        : $"{Sampling.Form}, c = {Sampling.ViewSize}")
        + (Fanout > 1 ? $", fanout {Fanout}" : "") + (Tries is { } tries ? $", {tries} tries" : "")
        + (Loss > 0 ? string.Create(CultureInfo.InvariantCulture, $", {100 * Loss:0.##} % loss") : "");

    /// <summary>The options of the engine.</summary>
    public CycleOptions ToCycleOptions(ulong seed, int joinsPerCycle = 500) => new()
    {
        Rules = Sampling.ToRules(), Fanout = Fanout, Tries = Tries, Loss = Loss, Seed = seed,
        JoinsPerCycle = joinsPerCycle,
    };

    /// <summary>Reads the options, and settles those that follow from others.</summary>
    /// <exception cref="LabUsageException">They do not go together.</exception>
    public static ProtocolSetup Read(LabParameters parameters, string? preset = null)
    {
        var start = parameters.IsGiven("--preset") || preset is not null
            ? Named(parameters.IsGiven("--preset") ? parameters.Choice("--preset") : preset!)
            : PeerSamplingOptions.Swapper with { Healing = 0, Swap = null };
        var sampling = Override(start, parameters);
        var errors = PeerSamplingValidation.Errors(sampling).Select(SamplingSettings.InOptionNames).ToList();
        errors.AddRange(NetworkErrors(parameters));
        var evicts = parameters.Choice("--evict") == "on";
        if (parameters.IsGiven("--tries") && !evicts)
        {
            errors.Add("--tries needs --evict on.");
        }

        if (parameters.Whole("--fanout") > sampling.ViewSize)
        {
            errors.Add($"--fanout must be from 1 to --view-size = {sampling.ViewSize}, "
                + $"not {parameters.Whole("--fanout")}.");
        }

        if (errors.Count > 0)
        {
            throw new LabUsageException(string.Join(Environment.NewLine, errors));
        }

        int? tries = evicts ? parameters.IsGiven("--tries") ? parameters.Whole("--tries") : DefaultTries : null;
        var loss = parameters.Has("--loss") ? parameters.Number("--loss") : 0;
        var setup = new ProtocolSetup(sampling, parameters.Whole("--fanout"), tries, loss);
        setup.Settle(parameters);
        return setup;
    }

    /// <summary>The engine for a run, as the options of the network say.</summary>
    public ICycleEngine CreateEngine(LabParameters parameters, int nodes, OverlayStart start = OverlayStart.Random)
    {
        var joins = parameters.Has("--joins-per-cycle") ? parameters.Whole("--joins-per-cycle") : 500;
        if (parameters.Choice("--engine") == "bulk")
        {
            return EngineFactory.Create(
                ToCycleOptions(parameters.Seed, joins), nodes, start, LabWork.Threads(parameters));
        }

        var latency = LatencyRange.Parse(parameters.Choice("--latency-ms"));
        LabWork.Threads(parameters);
        var sampling = Sampling with { Fanout = Fanout, TriesPerCycle = Tries ?? DefaultTries };
        return new EventEngine(
            sampling, new EventOptions(parameters.Seed, latency, Loss, joins, parameters.Trace), nodes, start);
    }

    /// <summary>A preset by its name.</summary>
    public static PeerSamplingOptions Named(string preset) =>
        PeerSamplingOptions.TryGetPreset(preset, out var found)
            ? found
            : throw new LabUsageException($"There is no preset '{preset}'.");

    /// <summary>Unmodified nodes cannot know who lives; a cycle without time has no delays.</summary>
    internal static IEnumerable<string> NetworkErrors(LabParameters parameters)
    {
        if (!parameters.Has("--engine"))
        {
            yield break;
        }

        if (parameters.Choice("--engine") == "bulk")
        {
            if (parameters.Trace is not null)
            {
                yield return "--trace needs --engine event: a cycle-driven run has no packets and no moments.";
            }

            if (!LatencyRange.Parse(parameters.Choice("--latency-ms")).IsNone)
            {
                yield return "--latency-ms needs --engine event: in a cycle-driven run an exchange takes no time.";
            }
        }
        else if (parameters.IsGiven("--evict") && parameters.Choice("--evict") == "off")
        {
            yield return "--evict off needs --engine bulk: unmodified nodes cannot know who lives.";
        }
        else
        {
            parameters.Settle("--evict", "on");
        }
    }

    private static PeerSamplingOptions Override(PeerSamplingOptions start, LabParameters parameters)
    {
        if (parameters.IsGiven("--view-size"))
        {
            start = start.WithViewSize(parameters.Whole("--view-size"));
        }

        // A preset's S gives way to a given H, so that one option is enough to ask "what if".
        var healing = parameters.IsGiven("--healing") ? parameters.Whole("--healing") : start.Healing;
        var swap = parameters.IsGiven("--swap") ? parameters.Whole("--swap")
            : parameters.IsGiven("--healing") ? null : start.Swap;
        return start with
        {
            Selection = parameters.IsGiven("--selection")
                ? Enum.Parse<PeerSelection>(parameters.Choice("--selection"), ignoreCase: true) : start.Selection,
            Propagation = parameters.IsGiven("--propagation")
                ? Enum.Parse<Propagation>(parameters.Choice("--propagation"), ignoreCase: true) : start.Propagation,
            Healing = healing,
            Swap = swap,
        };
    }

    private void Settle(LabParameters parameters)
    {
        parameters.Settle("--selection", $"{Sampling.Selection}".ToLowerInvariant());
        parameters.Settle("--propagation", $"{Sampling.Propagation}".ToLowerInvariant());
        parameters.Settle("--view-size", Sampling.ViewSize);
        parameters.Settle("--healing", Sampling.EffectiveHealing);
        parameters.Settle("--swap", Sampling.EffectiveSwap);
        parameters.Settle("--tries", Tries);
    }
}
