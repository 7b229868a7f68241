using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Up.Network;
using Hearsay.Lab;
using Hearsay.Lab.Models.Learning;
using Hearsay.Learning;

namespace Hearsay.Cli.Up;

/// <summary>The options of <c>hearsay up</c> as they stand on the command line.</summary>
internal sealed partial class UpArguments
{
    private readonly Option<int?> _nodes = CheckedOption.Integer(
        "--nodes", "The number of nodes, each with sockets of its own on 127.0.0.1. Default 50.", 1, 1000);

    private readonly Option<TimeSpan?> _cycleTime = CheckedOption.Create<TimeSpan>(
        "--cycle-time", "The time between exchanges of a node: 500ms, 1s, 2m. Default 1s.", "from 10ms to 1h",
        (string text, out TimeSpan value) => Duration.TryParse(text, out value)
            && value >= TimeSpan.FromMilliseconds(10) && value <= TimeSpan.FromHours(1));

    private readonly Option<double?> _jitter = CheckedOption.Create<double>(
        "--jitter", "The share by which each cycle time varies. Default 0.1.", "from 0 to 0.5",
        (string text, out double value) => TryParse(text, out value) && value is >= 0 and <= 0.5);

    private readonly Option<PeerSelection?> _selection = CheckedOption.Name<PeerSelection>(
        "--selection", "Which entry of the view a cycle contacts. Default tail.");

    private readonly Option<Propagation?> _propagation = CheckedOption.Name<Propagation>(
        "--propagation", "The direction in which descriptors travel. Default pushpull.");

    private readonly Option<int?> _viewSize = CheckedOption.Integer(
        "--view-size", "c: entries of a view, an even number. Default 30.", 4, PeerSamplingOptions.MaximumViewSize);

    private readonly Option<int?> _healing = CheckedOption.Integer(
        "--healing", "H: oldest entries removed first in a merge, at most c/2. Default c/5.",
        0, PeerSamplingOptions.MaximumViewSize / 2);

    private readonly Option<int?> _swap = CheckedOption.Integer(
        "--swap", "S: entries just sent that are removed next; H + S is at most c/2. Default c/2 - H.",
        0, PeerSamplingOptions.MaximumViewSize / 2);

    private readonly Option<int?> _fanout = CheckedOption.Integer(
        "--fanout", "Partners per cycle, at most c. Default 1.", 1, PeerSamplingOptions.MaximumViewSize);

    private readonly Option<int?> _preset = CheckedOption.Create<int>(
        "--preset", "The preset that the other options change. Default recommended.",
        string.Join('|', PeerSamplingOptions.PresetNames), TryParsePreset);

    private readonly Option<double?> _kill = CheckedOption.Create<double>(
        "--kill",
        "The share of the nodes that crash 10 cycles after convergence (halfway to the end if --cycles leaves less "
        + "than 20). At least one crashes and one lives; the seed node may be among them.",
        "above 0 and below 1", (string text, out double value) => TryParse(text, out value) && value is > 0 and < 1);

    private readonly Option<int?> _cycles = CheckedOption.Integer(
        "--cycles",
        "Ends the run this many cycles after the last node started. Default: 10 cycles after convergence, with --kill "
        + "30 cycles after the crash, 60 cycles if it does not converge.", 1, 100_000);

    private readonly Option<bool> _floor = new("--floor")
    {
        Description = "At the end, compares the CPU of an exchange under load with that of bare UDP sockets.",
    };

    private readonly Option<bool> _rumors = new("--rumors")
    {
        Description = "After that, spreads 20 rumors of 1 kB, and shows when the nodes had them and what it cost.",
    };

    private readonly Option<bool> _aggregate = new("--aggregate")
    {
        Description = "After that, the nodes agree on the mean of their numbers and on the number of nodes.",
    };

    private readonly Option<bool> _map = new("--map")
    {
        Description = "After that, as many nodes in a network inside the process write a map, also while that network "
            + "is cut in two, and become equal again.",
    };

    private readonly Option<string?> _learn = new("--learn")
    {
        Description = "After that, splits a CSV file (or spambase, letter, satellite, digits) over the nodes, which "
            + "train a model together, and shows the error of the worst, the median and the best node.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _label = new("--label")
    {
        Description = "The column of that file with the class, a whole number from 0. Default label.",
        HelpName = "COLUMN",
    };

    private readonly Option<bool> _play = new("--play")
    {
        Description = "Shows the nodes in a browser while they live, and keeps them until Ctrl-C where --cycles does "
            + "not end the run.",
    };

    private readonly Option<bool> _noBrowser = new("--no-browser")
    {
        Description = "With --play: says where the page is and opens no browser.",
    };

    private readonly Option<ulong?> _seed = CheckedOption.Create<ulong>(
        "--seed", "The seed of the nodes' choices and of the crashes. Default: a new one for every run.",
        "from 0 to 2^64-1", (string text, out ulong value) =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Prints one JSON object to standard output at the end; progress goes to standard error.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _nodes, _cycleTime, _jitter, _selection, _propagation, _viewSize, _healing, _swap, _fanout, _preset, _kill,
            _cycles, _rumors, _aggregate, _map, _learn, _label, _floor, _play, _noBrowser,
            _seed, _json,
        ];
        Array.ForEach(options, command.Add);
    }

    /// <summary>What was asked for; only to be called if the single options were read without an error.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="errors">Options that do not go together, in the words of the command line.</param>
    public UpSettings Read(ParseResult parsed, out IReadOnlyList<string> errors)
    {
        var settings = new UpSettings
        {
            Nodes = parsed.GetValue(_nodes) ?? 50,
            Sampling = ReadSampling(parsed),
            Kill = parsed.GetValue(_kill),
            Cycles = parsed.GetValue(_cycles),
            Rumors = parsed.GetValue(_rumors),
            Aggregate = parsed.GetValue(_aggregate),
            Map = parsed.GetValue(_map),
            Floor = parsed.GetValue(_floor),
            Play = parsed.GetValue(_play),
            OpensBrowser = !parsed.GetValue(_noBrowser),
            Seed = parsed.GetValue(_seed) ?? (ulong)Random.Shared.NextInt64(),
            Json = parsed.GetValue(_json),
        };
        var found = PeerSamplingValidation.Errors(settings.Sampling).Select(InOptionNames).ToList();
        if (settings.Kill is not null && settings.Nodes < 2)
        {
            found.Add($"--kill needs --nodes from 2 to 1,000, not {settings.Nodes}.");
        }

        if (settings.Floor && settings.Nodes < 2)
        {
            found.Add($"--floor needs --nodes from 2 to 1,000, not {settings.Nodes}.");
        }

        if (settings.Rumors && settings.Nodes < 2)
        {
            found.Add($"--rumors needs --nodes from 2 to 1,000, not {settings.Nodes}.");
        }

        if (settings.Map && settings.Nodes < 4)
        {
            found.Add($"--map needs --nodes from 4 to 1,000, not {settings.Nodes}.");
        }

        if (!settings.OpensBrowser && !settings.Play)
        {
            found.Add("--no-browser needs --play.");
        }

        settings = WithData(settings, parsed, found);
        errors = found;
        return settings;
    }

    private UpSettings WithData(UpSettings settings, ParseResult parsed, List<string> errors)
    {
        var (file, label) = (parsed.GetValue(_learn), parsed.GetValue(_label));
        if (file is null)
        {
            errors.AddRange(label is null ? [] : ["--label needs --learn."]);
            return settings;
        }

        try
        {
            var data = LearningDataSets.Load(file, label ?? "label");
            var most = Math.Min(1000, data.RowCount * 9 / 10);
            if (settings.Nodes < 2 || settings.Nodes > most)
            {
                errors.Add($"--learn with {data.RowCount:N0} records needs --nodes from 2 to {most:N0}, not "
                    + $"{settings.Nodes}.");
            }

            if (data.FeatureCount > AgreedStandardisation.MaximumFeatures)
            {
                errors.Add($"--learn takes at most {AgreedStandardisation.MaximumFeatures} features, not "
                    + $"{data.FeatureCount}.");
            }

            return settings with { Learn = data, LearnFrom = file };
        }
        catch (LabUsageException unusable)
        {
            errors.Add(unusable.Message.Replace("--data", "--learn", StringComparison.Ordinal));
            return settings;
        }
    }

    /// <summary>A message about the library's options in the words of the command line.</summary>
    public static string InOptionNames(string message) => PropertyName().Replace(message, match => match.Value switch
    {
        "ViewSize" => "--view-size",
        "CycleTime" => "--cycle-time",
        var other => "--" + other.ToLowerInvariant(),
    });

    private PeerSamplingOptions ReadSampling(ParseResult parsed)
    {
        var start = parsed.GetValue(_preset) is { } preset
            && PeerSamplingOptions.TryGetPreset(PeerSamplingOptions.PresetNames[preset], out var found)
                ? found : PeerSamplingOptions.Recommended;
        start = parsed.GetValue(_viewSize) is { } viewSize ? start.WithViewSize(viewSize) : start;
        return start with
        {
            CycleTime = parsed.GetValue(_cycleTime) ?? start.CycleTime,
            Jitter = parsed.GetValue(_jitter) ?? start.Jitter,
            Selection = parsed.GetValue(_selection) ?? start.Selection,
            Propagation = parsed.GetValue(_propagation) ?? start.Propagation,
            Healing = parsed.GetValue(_healing) ?? start.Healing,
            Swap = parsed.GetValue(_swap) ?? start.Swap,
            Fanout = parsed.GetValue(_fanout) ?? start.Fanout,
        };
    }

    private static bool TryParse(string text, out double value) => double.TryParse(
        text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private static bool TryParsePreset(string text, out int index)
    {
        index = PeerSamplingOptions.PresetNames.ToList().FindIndex(
            name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0;
    }

    [GeneratedRegex(@"\b(ViewSize|CycleTime|Jitter|Fanout|Healing|Swap|Selection|Propagation)\b")]
    private static partial Regex PropertyName();
}
