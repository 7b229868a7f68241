using System.CommandLine;
using System.Globalization;
using Hearsay.Agent.Shell;
using Hearsay.Protocols.Sampling;

namespace Hearsay.Cli.Up;

/// <summary>The options of peer sampling on a command line: a preset, and every option of the table.</summary>
internal sealed class SamplingArguments
{
    private readonly Option<int?> _preset = CheckedOption.Create<int>(
        "--preset", "The preset that the other options change. Default recommended.",
        string.Join('|', PeerSamplingOptions.PresetNames), TryParsePreset);

    private readonly List<Func<ParseResult, PeerSamplingOptions, PeerSamplingOptions>> _changes = [];
    private readonly List<Option> _options = [];

    public SamplingArguments()
    {
        foreach (var setting in SamplingSettings.All)
        {
            Add(setting);
        }

        _options.Add(_preset);
    }

    /// <summary>The options of the command.</summary>
    public IReadOnlyList<Option> Options => _options;

    /// <summary>What was asked for, which may not go together.</summary>
    public PeerSamplingOptions Read(ParseResult parsed)
    {
        var start = parsed.GetValue(_preset) is { } preset
            && PeerSamplingOptions.TryGetPreset(PeerSamplingOptions.PresetNames[preset], out var found)
                ? found : PeerSamplingOptions.Recommended;
        return _changes.Aggregate(start, (options, change) => change(parsed, options));
    }

    private void Add(SamplingSetting setting)
    {
        var (name, help) = ("--" + setting.Name, $"{setting.Description}. Default {setting.Default}.");
        switch (setting)
        {
            case SamplingSetting<int> count:
                Add(count, CheckedOption.Integer(name, help, count.Least, count.Most));
                break;
            case SamplingSetting<double> share:
                Add(share, CheckedOption.Create<double>(name, help, "from " + setting.Allowed,
                    (string text, out double value) => double.TryParse(
                        text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
                        && value >= share.Least && value <= share.Most));
                break;
            case SamplingSetting<TimeSpan> time:
                var range = $"from {Duration.Format(time.Least)} to {Duration.Format(time.Most)}";
                Add(time, CheckedOption.Create<TimeSpan>(name, help, range, (string text, out TimeSpan value) =>
                    Duration.TryParse(text, out value) && value >= time.Least && value <= time.Most));
                break;
            case SamplingSetting<bool> flag:
                // As a number: the parser takes only true and false for the value of an option that is true or false.
                AddAs(flag, CheckedOption.Create<int>(name, help, string.Join('|', setting.Words), TryParseFlag),
                    static number => number != 0);
                break;
            case SamplingSetting<PeerSelection> selection:
                Add(selection, CheckedOption.Name<PeerSelection>(name, help));
                break;
            case SamplingSetting<Propagation> propagation:
                Add(propagation, CheckedOption.Name<Propagation>(name, help));
                break;
            default:
                throw new NotSupportedException($"{setting.Property} has values of an unknown type.");
        }
    }

    private void Add<T>(SamplingSetting<T> setting, Option<T?> option)
        where T : struct => AddAs(setting, option, static value => value);

    private void AddAs<T, TRead>(SamplingSetting<T> setting, Option<TRead?> option, Func<TRead, T> valueOf)
        where T : struct
        where TRead : struct
    {
        _options.Add(option);
        _changes.Add((parsed, options) =>
            parsed.GetValue(option) is { } read ? setting.With(options, valueOf(read)) : options);
    }

    private static bool TryParseFlag(string text, out int number)
    {
        var isRead = bool.TryParse(text, out var flag);
        number = flag ? 1 : 0;
        return isRead;
    }

    private static bool TryParsePreset(string text, out int index)
    {
        index = PeerSamplingOptions.PresetNames.ToList().FindIndex(
            name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0;
    }
}
