using System.Text.RegularExpressions;
using Hearsay.Simulation;

namespace Hearsay.Lab;

/// <summary>What the protocol options of an experiment come to.</summary>
/// <param name="Sampling">The protocol.</param>
/// <param name="Fanout">Partners of a cycle.</param>
/// <param name="Tries">Partners tried, or null if nodes know who lives.</param>
internal sealed partial record ProtocolSetup(PeerSamplingOptions Sampling, int Fanout, int? Tries)
{
    private const int DefaultTries = 3;

    /// <summary>Whether everything but the form, c, H, S and the two modes is as in the papers.</summary>
    public bool IsPlain => Fanout == 1 && Tries is null;

    /// <summary>The protocol in few words, for titles.</summary>
    public string Text => Sampling.Form == ExchangeForm.HalfViews
        ? $"{Sampling.Selection}, {Sampling.Propagation}, c = {Sampling.ViewSize}, H = {Sampling.EffectiveHealing}, "
            .ToLowerInvariant().Replace("h =", "H =", StringComparison.Ordinal) + $"S = {Sampling.EffectiveSwap}"
        : $"{Sampling.Form}, c = {Sampling.ViewSize}";

    /// <summary>The options of the engine.</summary>
    public CycleOptions ToCycleOptions(ulong seed, int joinsPerCycle = 500) => new()
    {
        Rules = Sampling.ToRules(), Fanout = Fanout, Tries = Tries, Seed = seed, JoinsPerCycle = joinsPerCycle,
    };

    /// <summary>Reads the options, and settles those that follow from others.</summary>
    /// <exception cref="LabUsageException">They do not go together.</exception>
    public static ProtocolSetup Read(LabParameters parameters, string? preset = null)
    {
        var start = parameters.IsGiven("--preset") || preset is not null
            ? Named(parameters.IsGiven("--preset") ? parameters.Choice("--preset") : preset!)
            : PeerSamplingOptions.Swapper with { Healing = 0, Swap = null };
        var sampling = Override(start, parameters);
        var errors = PeerSamplingValidation.Errors(sampling).Select(InOptionNames).ToList();
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
        var setup = new ProtocolSetup(sampling, parameters.Whole("--fanout"), tries);
        setup.Settle(parameters);
        return setup;
    }

    /// <summary>A preset by its name.</summary>
    public static PeerSamplingOptions Named(string preset) =>
        PeerSamplingOptions.TryGetPreset(preset, out var found)
            ? found
            : throw new LabUsageException($"There is no preset '{preset}'.");

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

    private static string InOptionNames(string message) =>
        PropertyName().Replace(message, match => match.Value == "ViewSize"
            ? "--view-size" : "--" + match.Value.ToLowerInvariant());

    [GeneratedRegex(@"\b(ViewSize|Fanout|Healing|Swap|Selection|Propagation)\b")]
    private static partial Regex PropertyName();
}
