using System.CommandLine;
using System.Globalization;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Up.Network;
using Hearsay.Lab;
using Hearsay.Lab.Models.Learning;
using Hearsay.Learning;
using Hearsay.Protocols.Sampling;

namespace Hearsay.Cli.Up;

/// <summary>The options of <c>hearsay up</c> as they stand on the command line.</summary>
internal sealed class UpArguments
{
    private readonly Option<int?> _nodes = CheckedOption.Integer(
        "--nodes", "The number of nodes, each with sockets of its own on 127.0.0.1. Default 50.", 1, 1000);

    private readonly SamplingArguments _sampling = new();

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
            _nodes, .. _sampling.Options, _kill, _cycles, _rumors, _aggregate, _map, _learn, _label, _floor, _play,
            _noBrowser, _seed, _json,
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
            Sampling = _sampling.Read(parsed),
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
        var found = PeerSamplingValidation.Errors(settings.Sampling).Select(SamplingSettings.InOptionNames).ToList();
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

    private static bool TryParse(string text, out double value) => double.TryParse(
        text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
}
